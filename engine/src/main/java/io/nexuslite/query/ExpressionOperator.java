package io.nexuslite.query;

/** The operators of the subset of expressions. */
enum ExpressionOperator {
    EQ("$eq", 2), NE("$ne", 2), GT("$gt", 2), GTE("$gte", 2), LT("$lt", 2), LTE("$lte", 2), CMP("$cmp", 2), AND("$and",
            -1), OR("$or", -1), NOT("$not", 1), ADD("$add", -1), SUBTRACT("$subtract",
                    2), MULTIPLY("$multiply", -1), DIVIDE("$divide", 2), MOD("$mod", 2), ABS("$abs", 1);

    private static final int ANY = -1;

    private final String text;
    private final int argumentCount;

    ExpressionOperator(String text, int argumentCount) {
        this.text = text;
        this.argumentCount = argumentCount;
    }

    /** The operator of that name, or {@code null}. */
    static ExpressionOperator of(String text) {
        for (ExpressionOperator each : values()) {
            if (each.text.equals(text)) {
                return each;
            }
        }
        return null;
    }

    /** How the operator is spelled. */
    String text() {
        return text;
    }

    boolean takes(int arguments) {
        return argumentCount == ANY || argumentCount == arguments;
    }

    int argumentCount() {
        return argumentCount;
    }
}
