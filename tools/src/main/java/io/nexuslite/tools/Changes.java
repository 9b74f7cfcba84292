package io.nexuslite.tools;

import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** Tells what a command has changed. */
final class Changes {
    private Changes() {
    }

    /** Prints the counts; returns the exit code, which is that of nothing to do where nothing matched and nothing was inserted. */
    static int tell(Console console, CommonFlags common, long matched, long modified, BsonValue upsertedId) {
        if (common.json) {
            console.out().println(new BsonDocument("matched", new BsonInt64(matched))
                    .append("modified", new BsonInt64(modified))
                    .append("upsertedId", upsertedId == null ? BsonNull.VALUE : upsertedId).toJson());
        } else {
            console.out().println("matched " + matched + ", modified " + modified
                    + (upsertedId == null ? "" : ", inserted " + Texts.json(upsertedId)));
        }
        return matched > 0 || upsertedId != null ? ExitCode.DONE : ExitCode.REFUSED;
    }
}
