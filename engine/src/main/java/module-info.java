/** NexusLite: an embedded document database in one file, off-heap and without garbage. */
module io.nexuslite {
    requires transitive org.mongodb.bson;
    requires jdk.jfr;
    requires org.agrona;
    requires org.slf4j;
    requires com.fasterxml.jackson.core;

    uses io.nexuslite.transfer.StreamCompressor;

    exports io.nexuslite;
    exports io.nexuslite.bson;
    exports io.nexuslite.cache;
    exports io.nexuslite.error;
    exports io.nexuslite.transfer;
}
