package io.nexuslite.tools;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.bson.types.ObjectId;

/** Documents and ids as they stand on a command line, and documents as it prints them. */
final class Texts {
    private static final JsonWriterSettings RELAXED = JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String LAST = "end of argument";

    /** How the text of an id is read. */
    enum IdType {
        /** Extended JSON if it is that, else a UUID if it looks like one, else a string. */
        auto, json, string, uuid, objectid, int32, int64
    }

    private Texts() {
    }

    /** A value as relaxed Extended JSON. */
    static String json(BsonValue value) {
        String wrapped = new BsonDocument("v", value).toJson(RELAXED);
        return wrapped.substring(wrapped.indexOf(':') + 2, wrapped.length() - 1);
    }

    /**
     * A filter, sort, projection or document: Extended JSON, and what shells allow (names without quotes).
     *
     * @param what for the error, as {@code --filter}
     * @throws UsageException if it is not exactly one document
     */
    static BsonDocument document(String text, String what) {
        BsonValue value = value(text, what);
        if (!value.isDocument()) {
            throw new UsageException(
                    what + " must be a document such as {\"age\": {\"$gte\": 21}}, found " + shortened(text), null);
        }
        return value.asDocument();
    }

    /** Documents of a command line, or where it has none, lines of standard input. */
    static List<BsonDocument> documents(List<String> given, Console console) {
        List<BsonDocument> parsed = new ArrayList<>();
        if (!given.isEmpty()) {
            given.forEach(text -> parsed.add(document(text, "the document")));
            return parsed;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        try {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    parsed.add(document(line, "line " + number));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parsed;
    }

    /**
     * The value of an {@code _id}.
     *
     * @throws UsageException if the text is not of the type
     */
    static BsonValue id(String text, IdType type) {
        try {
            return switch (type) {
                case auto -> isJson(text)
                        ? value(text, "id")
                        : UUID_FORM.matcher(text).matches() ? uuid(text) : new BsonString(text);
                case json -> value(text, "id");
                case string -> new BsonString(text);
                case uuid -> uuid(text);
                case objectid -> new BsonObjectId(new ObjectId(text));
                case int32 -> new BsonInt32(Integer.parseInt(text));
                case int64 -> new BsonInt64(Long.parseLong(text));
            };
        } catch (IllegalArgumentException e) {
            throw new UsageException("The id " + shortened(text) + " is no " + type + ": " + e.getMessage(), e);
        }
    }

    private static BsonBinary uuid(String text) {
        return new BsonBinary(UUID.fromString(text));
    }

    /** One value and nothing behind it: the parser stops at the end of what it reads, so a last element shows that it came there. */
    private static BsonValue value(String text, String what) {
        BsonArray parsed;
        try {
            parsed = BsonDocument.parse("{\"v\": [" + text + "\n, \"" + LAST + "\"]}").getArray("v");
        } catch (RuntimeException e) {
            throw new UsageException(what + " is not Extended JSON: " + shortened(text) + ": " + e.getMessage(), e);
        }
        if (parsed.size() != 2 || !parsed.get(1).equals(new BsonString(LAST))) {
            throw new UsageException(what + " must be one value, found " + shortened(text), null);
        }
        return parsed.getFirst();
    }

    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
