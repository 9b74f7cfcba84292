package io.nexuslite.catalog;

import io.nexuslite.error.NamespaceException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.CharBuffer;

/** Which names collections may have. */
public final class CollectionNames {
    /** Most bytes of a name in UTF-8. */
    public static final int LENGTH_MAX = 255;
    /** The collection that shows all documents that expire; always there, for reading only. */
    public static final String TEMP_DOCUMENTS = "_tempDocuments";

    private static final String SYSTEM_PREFIX = "system.";

    private CollectionNames() {
    }

    /**
     * Checks the name of a collection to read.
     *
     * @throws NamespaceException if no collection can have it
     */
    public static void check(String name) {
        int length = encodedLength(name);
        if (length < 1 || length > LENGTH_MAX) {
            throw new NamespaceException("Invalid name: expected 1 to " + LENGTH_MAX + " bytes of UTF-8, found "
                    + (length < 0 ? "text that UTF-8 cannot hold" : length + " bytes"), shortened(name));
        }
        if (name.indexOf('\0') >= 0) {
            throw new NamespaceException("Invalid name: expected no NUL, found one", name.replace('\0', '?'));
        }
        if (name.startsWith("$")) {
            throw new NamespaceException("Invalid name: expected another first letter than $", name);
        }
        if (name.startsWith(SYSTEM_PREFIX)) {
            throw new NamespaceException("Reserved name: starts with " + SYSTEM_PREFIX, name);
        }
    }

    /**
     * Checks the name of a collection to create.
     *
     * @throws NamespaceException if it is not allowed
     */
    public static void checkCreatable(String name) {
        check(name);
        if (name.equals(TEMP_DOCUMENTS)) {
            throw new NamespaceException("Reserved name", name);
        }
    }

    private static int encodedLength(String name) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name)).remaining();
        } catch (CharacterCodingException e) {
            return -1; // an unpaired surrogate
        }
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }
}
