package io.nexuslite.tools;

import org.bson.BsonDocument;
import org.bson.BsonString;

/** One-line answers. */
final class Answers {
    private Answers() {
    }

    static void tell(Console console, CommonFlags common, String what, String name) {
        console.out().println(common.json ? new BsonDocument(what, new BsonString(name)).toJson() : what + " " + name);
    }
}
