package io.nexuslite.transfer;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.BsonWriter;
import io.nexuslite.bson.GrowableBuffer;
import io.nexuslite.error.RowException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Documents from a frame that pandas wrote as one JSON value. A first pass finds where its parts lie, the second has a cursor for
 * each part, and for each column where the frame is written column by column; so memory depends on the number of columns only.
 *
 * <p>A null is a cell with nothing in it. A value that is refused costs its row; where brackets, commas and labels are not as they
 * should be, the frame ends there with a refused row.
 */
final class FrameSource implements DocumentSource {
    private static final String LABEL_FIELD = "index";

    private final FrameFile file;
    private final FrameShape shape;
    private final ImportOptions options;
    private final FrameValues values;
    private final FrameValues labels;
    private FrameLayout layout;
    private FrameRow row;
    private FrameRow.Column label;
    private String labelName;
    private final List<FrameRow.Column> columns = new ArrayList<>();
    private final Map<String, FrameRow.Column> byName = new HashMap<>();
    private JsonCursor[] cursors = {};
    private JsonCursor index;

    private long rows;
    private FramePlace place = new FramePlace(0, 1, 0);
    private int rowStart;
    private int rowLength;
    private RowException refused;
    private boolean ended;
    private boolean closed;

    FrameSource(FrameFile file, FrameShape shape, ImportOptions options) {
        this.file = file;
        this.shape = shape;
        this.options = options;
        values = new FrameValues(options.rowBytesMax(), options.duplicateNames());
        labels = new FrameValues(options.rowBytesMax(), options.duplicateNames());
    }

    @Override
    public boolean next(BsonWriter target) {
        Objects.requireNonNull(target, "target");
        rowLength = 0;
        refused = null;
        if (ended) {
            return false;
        }
        try {
            if (layout == null) {
                begin();
            }
            place = FramePlace.of(cursors[0]);
            row.begin();
            if (!read()) {
                ended = true;
                return false;
            }
        } catch (RowException e) { // the structure is broken, and nobody knows what comes next
            ended = true;
            rows++;
            throw e;
        }
        rows++;
        if (refused == null) {
            try {
                row.end();
            } catch (TextFault fault) {
                refuse(fault);
            }
        }
        if (refused != null) {
            throw refused;
        }
        target.rawDocument(row.view());
        return true;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long bytePosition() {
        return ended || cursors.length == 0 ? ended ? file.size() : 0 : cursors[0].position();
    }

    @Override
    public long line() {
        return place.line();
    }

    @Override
    public long rowPosition() {
        return place.position();
    }

    @Override
    public boolean copyRow(GrowableBuffer target) {
        if (rowLength > 0) {
            target.append(cursors[0].bytes(), rowStart, rowLength);
        }
        return rowLength > 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ended = true;
            values.close();
            labels.close();
            if (row != null) {
                row.close();
            }
            file.close();
        }
    }

    private void begin() {
        cursors = new JsonCursor[]{file.first()};
        FrameLayout found = FrameLayout.of(file, shape, values);
        row = new FrameRow(options.csv(), found.dates, options.rowBytesMax());
        List<String> names = options.csv().columns().isEmpty() ? found.columns : options.csv().columns();
        for (String name : names) {
            column(name);
        }
        String named = options.frameLabelField();
        String own = found.labelField == null ? LABEL_FIELD : found.labelField;
        boolean labelled = shape != FrameShape.VALUES && (named != null || !found.running);
        labelName = labelled && (shape != FrameShape.SPLIT || found.index != null)
                ? named != null ? named : own
                : null;
        label = labelName == null ? null : row.column(labelName);
        if (label != null && names.contains(labelName)) {
            throw new RowException("expected no column named as the label, found '" + labelName + "'", 1, 1, 0, null);
        }
        if (shape == FrameShape.COLUMNS) {
            JsonCursor[] all = new JsonCursor[found.places.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = file.at(found.places.get(i), all.length);
            }
            if (all.length == 0) {
                ended = true;
            } else {
                cursors = all;
            }
        } else {
            cursors = new JsonCursor[]{file.at(found.data, 1)};
            index = found.index == null ? null : file.at(found.index, 1);
        }
        layout = found;
    }

    private FrameRow.Column column(String name) {
        return byName.computeIfAbsent(name, created -> {
            FrameRow.Column column = row.column(created);
            columns.add(column);
            return column;
        });
    }

    /** Reads a row; false if there is none. */
    private boolean read() {
        if (ended) {
            return false;
        }
        boolean first = rows == 0;
        JsonCursor json = cursors[0];
        char close = shape == FrameShape.INDEX || shape == FrameShape.COLUMNS ? '}' : ']';
        if (!json.next(first, close)) {
            endOthers(first);
            return false;
        }
        json.peek();
        place = FramePlace.of(json);
        switch (shape) {
            case COLUMNS -> column(first);
            case INDEX -> {
                labels.readName(json);
                json.expect(':', "':'");
                addLabel();
                object(json);
            }
            case TABLE -> object(json);
            case SPLIT, VALUES -> {
                if (index != null) {
                    if (!index.next(first, ']')) {
                        throw index.refuse(index.at(), "expected as many labels as rows, found fewer");
                    }
                    refuse(labels.read(index));
                    addLabel();
                }
                array(json);
            }
        }
        return true;
    }

    private void endOthers(boolean first) {
        if (index != null && index.next(first, ']')) {
            throw index.refuse(index.at(), "expected as many labels as rows, found more");
        }
        for (int i = 1; i < cursors.length; i++) {
            if (cursors[i].next(first, '}')) {
                throw cursors[i].refuse(cursors[i].at(), "expected as many rows as in the first column, found more");
            }
        }
    }

    private void refuse(RowException wrong) {
        refused = refused == null ? wrong : refused;
    }

    private void refuse(TextFault fault) {
        refuse(new RowException(fault.what(), place.line(), place.position() - place.linePosition() + 1,
                place.position(), null));
    }

    private void addLabel() {
        if (label != null && refused == null) {
            try {
                row.addLabel(label, labels.value());
            } catch (TextFault fault) {
                refuse(fault);
            }
        }
    }

    private void add(FrameRow.Column column, BsonCursor value) {
        if (refused == null) {
            try {
                row.add(column, value);
            } catch (TextFault fault) {
                refuse(fault);
            }
        }
    }

    /** Reads a whole value, of which the row is told where it lies. */
    private BsonCursor value(JsonCursor json, byte type, String what) {
        json.peek();
        int length = json.valueLength();
        RowException wrong = values.read(json);
        rowStart = json.at() - length;
        rowLength = length;
        if (wrong == null && values.value().type() != type) {
            wrong = json.refuse(rowStart, "expected " + what + " for a row");
        }
        refuse(wrong);
        return wrong == null ? values.value() : null;
    }

    private void object(JsonCursor json) {
        BsonCursor value = value(json, BsonType.DOCUMENT, "an object");
        if (value == null) {
            return;
        }
        value.enter();
        while (value.next()) {
            String name = value.name();
            boolean isLabel = shape == FrameShape.TABLE && name.equals(layout.labelField);
            if (!isLabel) {
                if (name.equals(labelName)) {
                    refuse(json.refuse(rowStart, "expected no column named as the label, found '" + name + "'"));
                }
                if (options.csv().columns().isEmpty() || byName.containsKey(name)) {
                    add(bounded(name, json), value);
                }
            } else if (label != null) {
                add(label, value);
            }
        }
    }

    private FrameRow.Column bounded(String name, JsonCursor json) {
        FrameRow.Column known = byName.get(name);
        if (known != null) {
            return known;
        }
        return columns.size() < CsvTokens.CELLS_MAX ? column(name) : row.column(name);
    }

    private void array(JsonCursor json) {
        BsonCursor value = value(json, BsonType.ARRAY, "an array");
        if (value == null) {
            return;
        }
        value.enter();
        int cell = 0;
        while (value.next()) {
            boolean mayGrow = shape == FrameShape.VALUES && options.csv().columns().isEmpty();
            if (cell == columns.size() && mayGrow && cell < CsvTokens.CELLS_MAX) {
                column(Integer.toString(cell));
            }
            if (cell >= columns.size()) {
                refuse(json.refuse(rowStart, "expected " + columns.size() + " cells, found more"));
                break;
            }
            add(columns.get(cell), value);
            cell++;
        }
        if (cell < columns.size() && shape == FrameShape.SPLIT && refused == null) {
            refuse(json.refuse(rowStart, "expected " + columns.size() + " cells, found " + cell));
        }
    }

    /** Reads the next cell of each column. */
    private void column(boolean first) {
        for (int i = 0; i < cursors.length; i++) {
            JsonCursor json = cursors[i];
            if (i > 0 && !json.next(first, '}')) {
                throw json.refuse(json.at(), "expected as many rows as in the first column, found fewer");
            }
            if (i == 0) {
                labels.readName(json);
                addLabel();
            } else {
                json.peek();
                int at = json.at();
                values.readName(json);
                if (!sameLabel()) {
                    throw json.refuse(at, "expected the label that the first column has in this row, found another");
                }
            }
            json.expect(':', "':'");
            RowException wrong = values.read(json);
            refuse(wrong);
            if (wrong == null && i < columns.size()) {
                add(columns.get(i), values.value());
            }
        }
    }

    private boolean sameLabel() {
        BsonCursor mine = values.value();
        BsonCursor other = labels.value();
        return mine.stringLength() == other.stringLength()
                && MemorySegment.mismatch(mine.memory(), mine.stringOffset(),
                        mine.stringOffset() + mine.stringLength(), other.memory(), other.stringOffset(),
                        other.stringOffset() + other.stringLength()) < 0;
    }
}
