package io.nexuslite.tools;

import java.lang.Character.UnicodeBlock;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * Every assigned character of Unicode as the running JDK knows it, private use and surrogates excepted, as nested documents: real
 * data of some size that every machine has. Which characters there are depends on the JDK; 155,063 in JDK 25.
 */
final class UnicodeCharacters {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String[] CATEGORIES = {"Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No",
            "Zs",
            "Zl", "Zp", "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"};
    private static final String[] BIDI_CLASSES = {"L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S",
            "WS", "ON",
            "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"};

    private UnicodeCharacters() {
    }

    /** Code points in ascending order. */
    static IntStream assigned() {
        return IntStream.rangeClosed(Character.MIN_CODE_POINT, Character.MAX_CODE_POINT).filter(codePoint -> {
            int type = Character.getType(codePoint);
            return type != Character.UNASSIGNED && type != Character.PRIVATE_USE && type != Character.SURROGATE;
        });
    }

    /** The document of a character; {@code _id} is its code point as int32. */
    static BsonDocument document(int codePoint) {
        String text = Character.toString(codePoint);
        BsonDocument document = new BsonDocument("_id", new BsonInt32(codePoint))
                .append("codePoint", new BsonString(String.format(Locale.ROOT, "U+%04X", codePoint)))
                .append("text", new BsonString(text))
                .append("name", new BsonString(Character.getName(codePoint)))
                .append("block", new BsonString(String.valueOf(UnicodeBlock.of(codePoint))))
                .append("script", new BsonString(UnicodeScript.of(codePoint).name()))
                .append("category", new BsonString(category(codePoint)));
        int number = Character.getNumericValue(codePoint);
        if (number >= 0) {
            document.append("numericValue", new BsonInt32(number));
        }
        document.append("bidi", new BsonDocument("class", new BsonString(bidiClass(codePoint)))
                .append("mirrored", BsonBoolean.valueOf(Character.isMirrored(codePoint))));
        appendCases(document, codePoint, text);
        return document.append("encoded", new BsonDocument("utf8", hex(text.getBytes(StandardCharsets.UTF_8)))
                .append("utf16", hex(text.getBytes(StandardCharsets.UTF_16BE))))
                .append("properties", properties(codePoint));
    }

    /** Two letters, as the Unicode Character Database writes it. */
    static String category(int codePoint) {
        return CATEGORIES[Character.getType(codePoint)];
    }

    private static String bidiClass(int codePoint) {
        int direction = Character.getDirectionality(codePoint);
        return direction < 0 ? "none" : BIDI_CLASSES[direction];
    }

    private static void appendCases(BsonDocument document, int codePoint, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String upper = text.toUpperCase(Locale.ROOT);
        String title = Character.toString(Character.toTitleCase(codePoint));
        if (!lower.equals(text) || !upper.equals(text) || !title.equals(text)) {
            document.append("case",
                    new BsonDocument("lower", new BsonString(lower)).append("upper", new BsonString(upper))
                            .append("title", new BsonString(title)));
        }
    }

    private static BsonString hex(byte[] bytes) {
        return new BsonString(HEX.formatHex(bytes));
    }

    private static BsonArray properties(int codePoint) {
        BsonArray properties = new BsonArray();
        addIf(Character.isAlphabetic(codePoint), "alphabetic", properties);
        addIf(Character.isIdeographic(codePoint), "ideographic", properties);
        addIf(Character.isWhitespace(codePoint), "whitespace", properties);
        addIf(Character.isEmoji(codePoint), "emoji", properties);
        addIf(Character.isUnicodeIdentifierStart(codePoint), "identifierStart", properties);
        addIf(Character.isIdentifierIgnorable(codePoint), "ignorable", properties);
        return properties;
    }

    private static void addIf(boolean holds, String name, BsonArray properties) {
        if (holds) {
            properties.add(new BsonString(name));
        }
    }
}
