package io.nexuslite.tools;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;

/** A shell on a terminal: editing, history in {@code ~/.nexuslite_history}, completion, lines that go on, pages. One thread. */
final class Terminals implements AutoCloseable {
    private final Terminal terminal;

    private Terminals(Terminal terminal) {
        this.terminal = terminal;
    }

    static Terminals open() throws IOException {
        return new Terminals(TerminalBuilder.builder().system(true).name("nexuslite").build());
    }

    int run(Console console, Function<Console, ShellSession> opener) {
        Pages pages = new Pages();
        ShellSession session = opener
                .apply(new Console(console.in(), new PrintStream(pages, false, StandardCharsets.UTF_8),
                        console.err()));
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("nexuslite").parser(new Lines())
                .completer(new Words(session))
                .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".nexuslite_history"))
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "...> ")
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
        pages.reader = reader;
        while (!session.isEnded()) {
            try {
                String line = reader.readLine(session.prompt());
                pages.begin();
                session.run(line);
            } catch (UserInterruptException _) {
                // the line is forgotten, the shell goes on
            } catch (EndOfFileException _) {
                return session.exitCode();
            }
        }
        return session.exitCode();
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /** Asks for more lines while a quote or bracket is open. */
    private static final class Lines extends DefaultParser {
        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && !ShellWords.isComplete(line)) {
                throw new EOFError(-1, cursor, "a quote or bracket is open");
            }
            setEofOnUnclosedQuote(false);
            return super.parse(line, cursor, context);
        }
    }

    /** Completes commands, their flags, and the names of collections. */
    private static final class Words implements Completer {
        private static final List<String> SETTINGS = List.of(".use", ".mode", ".timing", ".collections", ".help",
                ".exit");
        private final ShellSession session;

        Words(ShellSession session) {
            this.session = session;
        }

        @Override
        public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
            String before = line.wordIndex() == 0 ? "" : line.words().get(line.wordIndex() - 1);
            if (line.wordIndex() == 0) {
                NexusLiteCli.commandNames().forEach(name -> candidates.add(new Candidate(name)));
                SETTINGS.forEach(name -> candidates.add(new Candidate(name)));
            } else if (List.of("-c", "--collection", ".use", "drop", "rename").contains(before)) {
                session.collections().forEach(name -> candidates.add(new Candidate(name)));
            } else if (before.equals(".mode")) {
                List.of("json", "table", "csv").forEach(name -> candidates.add(new Candidate(name)));
            } else if (NexusLiteCli.commandNames().contains(line.words().getFirst())) {
                String command = line.words().getFirst();
                CommandLine known = NexusLiteCli.root(new Console(System.in, System.out, System.err), command)
                        .getSubcommands().get(command);
                known.getCommandSpec().optionsMap().keySet().forEach(name -> candidates.add(new Candidate(name)));
            }
        }
    }

    /** Standard output a page at a time. */
    private final class Pages extends OutputStream {
        private LineReader reader;
        private int lines;
        private boolean stopped;

        void begin() {
            lines = 0;
            stopped = false;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[]{(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int i = offset; i < offset + length && !stopped; i++) {
                if (bytes[i] == '\n' && ++lines >= terminal.getSize().getRows() - 1
                        && terminal.getSize().getRows() > 2) {
                    terminal.output().write(bytes, from, i + 1 - from);
                    from = i + 1;
                    lines = 0;
                    stopped = !more();
                }
            }
            if (!stopped) {
                terminal.output().write(bytes, from, offset + length - from);
            }
        }

        private boolean more() throws IOException {
            terminal.output().flush();
            reader.setVariable(LineReader.DISABLE_HISTORY, true);
            try {
                return !reader.readLine("-- more: Enter, or q --").strip().startsWith("q");
            } catch (UserInterruptException | EndOfFileException _) {
                return false;
            } finally {
                reader.setVariable(LineReader.DISABLE_HISTORY, false);
            }
        }

        @Override
        public void flush() throws IOException {
            terminal.output().flush();
        }
    }
}
