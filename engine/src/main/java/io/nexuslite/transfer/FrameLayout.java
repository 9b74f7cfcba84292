package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.error.RowException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the parts of a frame lie: the first of two passes. Its memory depends on the number of columns, not on that of rows.
 *
 * <p>The members of a frame may stand in any order.
 */
final class FrameLayout {
    private final FrameShape shape;
    private final FrameValues values;
    private final JsonCursor json;

    /** Names of the columns, where they stand apart from the rows. */
    final List<String> columns = new ArrayList<>();
    /** Where each column begins, behind its bracket; of the shape of columns. */
    final List<FramePlace> places = new ArrayList<>();
    /** Columns whose texts are dates, as the schema says. */
    final Set<String> dates = new HashSet<>();
    /** Where the rows begin, behind their bracket. */
    FramePlace data;
    /** Where the labels of the rows begin, behind their bracket; {@code null} where they stand with the rows, or nowhere. */
    FramePlace index;
    /** Name of the field that is the label of a row; of the table. */
    String labelField;
    /** Whether the labels are the running numbers of the rows from 0 on, or there are none. */
    boolean running = true;

    private boolean sawColumns;
    private boolean sawSchema;

    private FrameLayout(FrameShape shape, FrameValues values, JsonCursor json) {
        this.shape = shape;
        this.values = values;
        this.json = json;
    }

    /** @throws RowException if that is no frame of this shape */
    static FrameLayout of(FrameFile file, FrameShape shape, FrameValues values) {
        try (JsonCursor json = file.first()) {
            FrameLayout layout = new FrameLayout(shape, values, json);
            switch (shape) {
                case VALUES -> layout.begin('[', "'['");
                case INDEX -> layout.index();
                case COLUMNS -> layout.columns();
                case SPLIT, TABLE -> layout.members();
            }
            if (shape != FrameShape.VALUES && json.peek() != 0) {
                throw json.refuse(json.at(), "expected the end of the input");
            }
            if (shape == FrameShape.TABLE) {
                layout.checkLabels(file);
            }
            return layout;
        }
    }

    private void begin(char open, String what) {
        json.expect(open, what);
        data = FramePlace.of(json);
    }

    private void index() {
        begin('{', "'{'");
        long ordinal = 0;
        for (boolean first = true; json.next(first, '}'); first = false) {
            values.readName(json);
            running = running && values.isOrdinal(ordinal++);
            json.expect(':', "':'");
            json.skipValue();
        }
    }

    private void columns() {
        json.expect('{', "'{'");
        for (boolean first = true; json.next(first, '}'); first = false) {
            addColumn(values.name(json));
            json.expect('{', "'{'");
            places.add(FramePlace.of(json));
            long ordinal = 0;
            for (boolean one = true; json.next(one, '}'); one = false) {
                values.readName(json);
                running = running && values.isOrdinal(ordinal++);
                json.expect(':', "':'");
                json.skipValue();
            }
        }
        refuseTwice();
    }

    private void refuseTwice() {
        if (new HashSet<>(columns).size() < columns.size()) {
            throw json.refuse(json.at(), "expected each column once, found one twice before this");
        }
    }

    private void addColumn(String name) {
        if (columns.size() == CsvTokens.CELLS_MAX) {
            throw json.refuse(json.at(), "expected at most " + CsvTokens.CELLS_MAX + " columns, found more");
        }
        if (name.indexOf('\0') >= 0) {
            throw json.refuse(json.at(), "expected no NUL in the name of a column, found one before this");
        }
        columns.add(name);
    }

    private void members() {
        json.expect('{', "'{'");
        for (boolean first = true; json.next(first, '}'); first = false) {
            String name = values.name(json);
            if (name.equals("data")) {
                json.peek();
                begin('[', "'['");
                skipElements();
            } else if (shape == FrameShape.SPLIT && name.equals("columns")) {
                columnNames();
            } else if (shape == FrameShape.SPLIT && name.equals("index")) {
                labels();
            } else if (shape == FrameShape.TABLE && name.equals("schema")) {
                schema();
            } else {
                json.skipValue();
            }
        }
        if (data == null || (shape == FrameShape.SPLIT ? !sawColumns : !sawSchema)) {
            throw json.refuse(json.at(), shape == FrameShape.SPLIT
                    ? "expected a frame with 'columns' and 'data', found none"
                    : "expected a frame with 'schema' and 'data', found none");
        }
    }

    private void skipElements() {
        for (boolean first = true; json.next(first, ']'); first = false) {
            json.skipValue();
        }
    }

    private void columnNames() {
        sawColumns = true;
        json.expect('[', "'['");
        for (boolean first = true; json.next(first, ']'); first = false) {
            addColumn(text(json));
        }
        refuseTwice();
    }

    /** A value as the name of a column: a string, or the text of a number. */
    private String text(JsonCursor json) {
        check(values.read(json));
        BsonCursor value = values.value();
        return switch (value.type()) {
            case BsonType.STRING -> value.string();
            case BsonType.INT32 -> Integer.toString(value.int32());
            case BsonType.INT64 -> Long.toString(value.int64());
            default -> throw json.refuse(json.at(), "expected a column's name or number before this, found another");
        };
    }

    private static void check(RowException refused) {
        if (refused != null) {
            throw refused;
        }
    }

    private void labels() {
        json.expect('[', "'['");
        index = FramePlace.of(json);
        long ordinal = 0;
        for (boolean first = true; json.next(first, ']'); first = false) {
            check(values.read(json));
            running = running && values.isOrdinal(ordinal++);
        }
    }

    private void schema() {
        sawSchema = true;
        check(values.read(json));
        BsonCursor schema = values.value();
        if (schema.type() != BsonType.DOCUMENT) {
            throw json.refuse(json.at(), "expected a schema that is an object before this, found another");
        }
        schema.enter();
        while (schema.next()) {
            String name = schema.name();
            if (name.equals("fields") && schema.type() == BsonType.ARRAY) {
                schema.enter();
                while (schema.next()) {
                    field(schema);
                }
                schema.leave();
            } else if (name.equals("primaryKey") && schema.type() == BsonType.ARRAY) {
                schema.enter();
                if (schema.next() && schema.type() == BsonType.STRING) {
                    labelField = schema.string();
                    if (schema.next()) {
                        labelField = null; // labels of several levels are fields as others
                    }
                }
                schema.leave();
            }
        }
    }

    private void field(BsonCursor cursor) {
        if (cursor.type() != BsonType.DOCUMENT) {
            return;
        }
        String name = null;
        boolean date = false;
        cursor.enter();
        while (cursor.next()) {
            if (cursor.type() == BsonType.STRING) {
                String member = cursor.name();
                if (member.equals("name")) {
                    name = cursor.string();
                } else if (member.equals("type")) {
                    date = cursor.string().equals("datetime");
                }
            }
        }
        cursor.leave();
        if (name != null && date) {
            dates.add(name);
        }
    }

    /** Whether the labels in the rows of a table are the running numbers. */
    private void checkLabels(FrameFile file) {
        if (labelField == null || !labelField.equals("index")) {
            running = false;
            return;
        }
        try (JsonCursor rows = file.at(data, 1)) {
            long ordinal = 0;
            for (boolean first = true; running && rows.next(first, ']'); first = false) {
                if (!rows.consume('{')) {
                    return; // is refused when it is its turn
                }
                boolean found = false;
                for (boolean one = true; rows.next(one, '}'); one = false) {
                    boolean label = values.name(rows).equals(labelField);
                    if (!label) {
                        rows.skipValue();
                    } else {
                        found = values.read(rows) == null && values.isOrdinal(ordinal);
                    }
                }
                running = found;
                ordinal++;
            }
        }
    }
}
