package io.nexuslite.tools;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of the shell as words: blanks separate, quotes hold together, and what begins with a bracket goes to its end, so that JSON
 * needs no quotes around it.
 */
final class ShellWords {
    private final String line;
    private int at;
    private boolean complete = true;

    private ShellWords(String line) {
        this.line = line;
    }

    /** Whether every quote and bracket of the line is closed. */
    static boolean isComplete(String line) {
        ShellWords words = new ShellWords(line);
        words.split();
        return words.complete;
    }

    static List<String> of(String line) {
        return new ShellWords(line).split();
    }

    private List<String> split() {
        List<String> words = new ArrayList<>();
        while (at < line.length()) {
            char c = line.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '{' || c == '[') {
                words.add(json());
            } else {
                words.add(word());
            }
        }
        return words;
    }

    private String json() {
        int start = at;
        int depth = 0;
        char quote = 0;
        for (; at < line.length(); at++) {
            char c = line.charAt(at);
            if (quote != 0) {
                if (c == '\\') {
                    at++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return line.substring(start, ++at);
            }
        }
        complete = false;
        at = line.length();
        return line.substring(start);
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (; at < line.length(); at++) {
            char c = line.charAt(at);
            if (quote != 0) {
                if (c == '\\' && quote == '"' && at + 1 < line.length() && "\"\\".indexOf(line.charAt(at + 1)) >= 0) {
                    word.append(line.charAt(++at));
                } else if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (Character.isWhitespace(c)) {
                break;
            } else {
                word.append(c);
            }
        }
        complete &= quote == 0;
        return word.toString();
    }
}
