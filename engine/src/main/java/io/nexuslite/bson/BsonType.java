package io.nexuslite.bson;

/** Type bytes of BSON, and the limits of a document. */
public final class BsonType {
    /** No type: end of a document, or a cursor that stands on no element. */
    public static final byte NONE = 0x00;
    public static final byte DOUBLE = 0x01;
    public static final byte STRING = 0x02;
    public static final byte DOCUMENT = 0x03;
    public static final byte ARRAY = 0x04;
    public static final byte BINARY = 0x05;
    /** Deprecated in BSON, still read and kept. */
    public static final byte UNDEFINED = 0x06;
    public static final byte OBJECT_ID = 0x07;
    public static final byte BOOLEAN = 0x08;
    public static final byte DATE_TIME = 0x09;
    public static final byte NULL = 0x0A;
    public static final byte REGEX = 0x0B;
    /** Deprecated in BSON, still read and kept. */
    public static final byte DB_POINTER = 0x0C;
    public static final byte JAVASCRIPT = 0x0D;
    /** Deprecated in BSON, still read and kept. */
    public static final byte SYMBOL = 0x0E;
    /** Deprecated in BSON, still read and kept. */
    public static final byte JAVASCRIPT_WITH_SCOPE = 0x0F;
    public static final byte INT32 = 0x10;
    public static final byte TIMESTAMP = 0x11;
    public static final byte INT64 = 0x12;
    public static final byte DECIMAL128 = 0x13;
    public static final byte MIN_KEY = (byte) 0xFF;
    public static final byte MAX_KEY = 0x7F;

    /** Most bytes of one document: 16 MiB. */
    public static final int DOCUMENT_SIZE_MAX = 16 * 1024 * 1024;
    /** Bytes of the empty document. */
    public static final int DOCUMENT_SIZE_MIN = 5;
    /** Most levels of documents and arrays below the root document, which is level 0. */
    public static final int DEPTH_MAX = 100;

    /** Binary subtype of a UUID in the byte order of RFC 9562. */
    public static final byte SUBTYPE_UUID = 0x04;
    /** Binary subtype that repeats its length inside the data. */
    static final byte SUBTYPE_OLD_BINARY = 0x02;

    private BsonType() {
    }

    /** Whether {@code type} is one of the types above, {@link #NONE} excepted. */
    public static boolean isKnown(byte type) {
        return BsonBytes.FIXED_LENGTHS[type & 0xFF] != BsonBytes.UNKNOWN;
    }

    /** Whether {@code type} is int32, int64, double or decimal128. */
    public static boolean isNumber(byte type) {
        return type == INT32 || type == INT64 || type == DOUBLE || type == DECIMAL128;
    }

    /**
     * Rank of a type in MongoDB's comparison order, from 0 for MinKey on. Types with one rank (the four numbers; string and
     * symbol) are compared by value.
     *
     * @throws IllegalArgumentException for a byte that is no type
     */
    public static int order(byte type) {
        return switch (type) {
            case MIN_KEY -> 0;
            case UNDEFINED -> 1;
            case NULL -> 2;
            case DOUBLE, INT32, INT64, DECIMAL128 -> 3;
            case STRING, SYMBOL -> 4;
            case DOCUMENT -> 5;
            case ARRAY -> 6;
            case BINARY -> 7;
            case OBJECT_ID -> 8;
            case BOOLEAN -> 9;
            case DATE_TIME -> 10;
            case TIMESTAMP -> 11;
            case REGEX -> 12;
            case DB_POINTER -> 13;
            case JAVASCRIPT -> 14;
            case JAVASCRIPT_WITH_SCOPE -> 15;
            case MAX_KEY -> 16;
            default -> throw new IllegalArgumentException("No BSON type: " + (type & 0xFF));
        };
    }

    /** Name of a type as MongoDB's {@code $type} spells it, for messages; {@code "unknown"} for a byte that is no type. */
    public static String alias(byte type) {
        return switch (type) {
            case DOUBLE -> "double";
            case STRING -> "string";
            case DOCUMENT -> "object";
            case ARRAY -> "array";
            case BINARY -> "binData";
            case UNDEFINED -> "undefined";
            case OBJECT_ID -> "objectId";
            case BOOLEAN -> "bool";
            case DATE_TIME -> "date";
            case NULL -> "null";
            case REGEX -> "regex";
            case DB_POINTER -> "dbPointer";
            case JAVASCRIPT -> "javascript";
            case SYMBOL -> "symbol";
            case JAVASCRIPT_WITH_SCOPE -> "javascriptWithScope";
            case INT32 -> "int";
            case TIMESTAMP -> "timestamp";
            case INT64 -> "long";
            case DECIMAL128 -> "decimal";
            case MIN_KEY -> "minKey";
            case MAX_KEY -> "maxKey";
            default -> "unknown";
        };
    }
}
