package io.nexuslite.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class UnicodeCharactersTest {
    @Test
    void coversEveryAssignedCharacter() {
        int[] all = UnicodeCharacters.assigned().toArray();
        assertTrue(all.length >= 155_063, "JDK 25 knows 155,063; later ones know more, found " + all.length);
        for (int codePoint : new int[]{0xD800, 0xE000, 0x0378, 0x10FFFF}) {
            assertFalse(UnicodeCharacters.assigned().anyMatch(c -> c == codePoint), Integer.toHexString(codePoint));
        }
    }

    @Test
    void describesLetter() {
        assertEquals(
                BsonDocument
                        .parse("""
                                {"_id": 223, "codePoint": "U+00DF", "text": "ß", "name": "LATIN SMALL LETTER SHARP S",
                                 "block": "LATIN_1_SUPPLEMENT", "script": "LATIN", "category": "Ll", "bidi": {"class": "L", "mirrored": false},
                                 "case": {"lower": "ß", "upper": "SS", "title": "ß"}, "encoded": {"utf8": "C39F", "utf16": "00DF"},
                                 "properties": ["alphabetic", "identifierStart"]}"""),
                UnicodeCharacters.document(0xDF));
    }

    @Test
    void describesNumberAndSupplementaryCharacter() {
        BsonDocument roman = UnicodeCharacters.document(0x2180);
        assertEquals(1000, roman.getInt32("numericValue").getValue());
        assertEquals("Nl", roman.getString("category").getValue());
        BsonDocument face = UnicodeCharacters.document(0x1F600);
        assertEquals("F09F9880", face.getDocument("encoded").getString("utf8").getValue());
        assertEquals("D83DDE00", face.getDocument("encoded").getString("utf16").getValue());
        assertTrue(face.getArray("properties").stream().anyMatch(p -> p.asString().getValue().equals("emoji")));
    }

    @Test
    void namesEveryCategoryThatOccurs() {
        assertEquals("Cc Cf Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs",
                UnicodeCharacters.assigned()
                        .mapToObj(UnicodeCharacters::category).distinct().sorted().collect(Collectors.joining(" ")));
    }
}
