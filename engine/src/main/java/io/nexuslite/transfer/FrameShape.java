package io.nexuslite.transfer;

/** The shapes in which pandas writes a frame as one JSON value, beside arrays of records and lines. */
enum FrameShape {
    /** {@code {"columns":[…],"index":[…],"data":[[…],…]}}. */
    SPLIT,
    /** {@code {column:{label:value,…},…}}. */
    COLUMNS,
    /** {@code {label:{column:value,…},…}}. */
    INDEX,
    /** {@code [[value,…],…]}. */
    VALUES,
    /** {@code {"schema":{…},"data":[{…},…]}}. */
    TABLE
}
