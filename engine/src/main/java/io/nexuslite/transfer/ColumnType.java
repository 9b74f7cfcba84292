package io.nexuslite.transfer;

import java.util.Locale;

/** What the text of a cell becomes. */
public enum ColumnType {
    /**
     * What it looks like: a whole number, a number with point or exponent, {@code true} or {@code false}, an instant of ISO 8601
     * with its zone; a string otherwise, and where it stands in quotes.
     */
    AUTO("auto"),
    /** A string, whatever it looks like. */
    STRING("string"),
    /** A whole number of 32 bits. */
    INT32("int32"),
    /** A whole number of 64 bits. */
    INT64("int64"),
    /** A double; {@code NaN}, {@code Infinity} and {@code -Infinity} among them. */
    DOUBLE("double"),
    /** A decimal128. */
    DECIMAL("decimal"),
    /** {@code true false yes no t f y n 1 0}, in any case. */
    BOOLEAN("bool"),
    /** An instant of ISO 8601; without a zone in UTC, a day is its midnight, a whole number is milliseconds since 1970 UTC. */
    DATE("date"),
    /** 24 hexadecimal digits. */
    OBJECT_ID("objectid"),
    /** A UUID as binary of subtype 4. */
    UUID("uuid"),
    /** Base 64, as binary of subtype 0. */
    BINARY("binary"),
    /** Any value as Extended JSON. */
    JSON("json");

    private final String label;

    ColumnType(String label) {
        this.label = label;
    }

    /** The name by which users choose it. */
    public String label() {
        return label;
    }

    /** The type with that label, in any case; {@code null} if there is none. */
    static ColumnType find(String label) {
        for (ColumnType type : values()) {
            if (type.label.equals(label.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        return null;
    }

    /**
     * The type with that label, in any case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ColumnType of(String label) {
        ColumnType found = find(label);
        if (found == null) {
            throw new IllegalArgumentException(
                    "Unknown column type: expected auto, string, int32, int64, double, decimal,"
                            + " bool, date, objectid, uuid, binary or json, found " + label);
        }
        return found;
    }
}
