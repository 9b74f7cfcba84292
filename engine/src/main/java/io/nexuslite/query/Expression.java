package io.nexuslite.query;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A node of an expression under {@code $expr}. Immutable; borrows as the filter does. {@code index} numbers the nodes of all
 * expressions of a filter from 0 on: it says where the value of the node is kept.
 */
sealed interface Expression {
    int index();

    /** A value that stands in the query; {@code NONE} for nothing at all. */
    record Constant(int index, Operand value) implements Expression {
    }

    /** What a path leads to; the whole document where there is no path. */
    record Field(int index, FieldPath pathOrNull) implements Expression {
    }

    /** An operator over values. */
    record Call(int index, ExpressionOperator operator, List<Expression> arguments) implements Expression {
    }

    /** An array of values, {@code null} for those that are missing; or a document of them, without those. */
    record Container(int index, byte type, List<Name> names, List<Expression> parts) implements Expression {
    }

    /** A field's name in UTF-8. */
    final class Name {
        private final byte[] utf8;

        Name(String name) {
            utf8 = name.getBytes(StandardCharsets.UTF_8);
        }

        int length() {
            return utf8.length;
        }

        byte at(int i) {
            return utf8[i];
        }
    }
}
