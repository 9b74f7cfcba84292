package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code $expr}: a table of cases each with its source, and random expressions against a plain reference. */
class ExpressionTest {
    private static final List<String> COMPARISONS = List.of("$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$cmp");
    private static final List<String> PAIRS = List.of("$subtract", "$divide", "$mod");

    @RegisterExtension
    final Seed seed = new Seed();

    private final Evaluator evaluator = new Evaluator();
    private SplittableRandom random;
    private QueryBson values;

    private String outcome(BsonDocument specification, BsonDocument document) {
        Filter filter;
        try {
            filter = Filter.parse(specification, QueryLimits.DEFAULTS);
        } catch (InvalidQueryException e) {
            return "refused";
        }
        try {
            return evaluator.matches(filter, QueryBson.view(document)) ? "yes" : "no";
        } catch (InvalidQueryException e) {
            return "error";
        }
    }

    private static String expected(BsonValue expression, BsonDocument document) {
        try {
            return ReferenceExpression.holds(expression, document) ? "yes" : "no";
        } catch (ReferenceExpression.Fault e) {
            return "error";
        }
    }

    @Test
    void tableHolds() {
        CaseTable.check("mongo-expr.tsv", 4, 150, cells -> {
            BsonDocument specification = BsonDocument.parse(cells[0]);
            BsonDocument document = BsonDocument.parse(cells[1]);
            String found = outcome(specification, document);
            if (!found.equals(cells[2])) {
                return found + " by the engine";
            }
            BsonValue expression = specification.get("$expr");
            boolean asksReference = !found.equals("refused") && specification.size() == 1 && expression != null;
            return !asksReference || expected(expression, document).equals(found) ? "" : "not so by the reference";
        });
    }

    @Test
    void agreesWithReference() {
        random = seed.random("expressions");
        values = new QueryBson(seed.random("values"));
        int rounds = Seed.scaled(60_000);
        int[] outcomes = new int[3];
        for (int round = 0; round < rounds; round++) {
            BsonValue expression = random.nextInt(4) == 0 ? comparison(2) : expression(3);
            BsonDocument specification = new BsonDocument("$expr", expression);
            for (int i = 0; i < 3; i++) {
                BsonDocument document = document();
                String found = outcome(specification, document);
                assertEquals(expected(expression, document), found,
                        () -> specification.toJson() + " on " + document.toJson());
                outcomes[List.of("yes", "no", "error").indexOf(found)]++;
            }
        }
        assertTrue(Arrays.stream(outcomes).allMatch(count -> count > rounds / 10), () -> Arrays.toString(outcomes));
    }

    private BsonDocument document() {
        BsonDocument document = values.document();
        if (random.nextInt(2) == 0) {
            document.put("a", number());
        }
        if (random.nextInt(2) == 0) {
            document.put("b", number());
        }
        return document;
    }

    private BsonValue number() {
        return switch (random.nextInt(8)) {
            case 0 -> new BsonInt64(random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE);
            case 1 -> new BsonDouble(List.of(0.1, -2.5, 1e18, Double.NaN, Double.POSITIVE_INFINITY)
                    .get(random.nextInt(5)));
            case 2 -> new BsonDateTime(random.nextInt(5));
            default -> {
                BsonValue value = values.value(0);
                yield value.isNumber() ? value : new BsonInt64(random.nextInt(5));
            }
        };
    }

    private BsonDocument comparison(int depth) {
        return new BsonDocument(COMPARISONS.get(random.nextInt(COMPARISONS.size())),
                new BsonArray(List.of(expression(depth), expression(depth))));
    }

    private BsonValue expression(int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return leaf();
        }
        return switch (random.nextInt(9)) {
            case 0 -> new BsonDocument(random.nextBoolean() ? "$and" : "$or", arguments(depth));
            case 1 -> new BsonDocument(random.nextBoolean() ? "$not" : "$abs",
                    new BsonArray(List.of(expression(depth - 1))));
            case 2, 3 -> new BsonDocument(random.nextBoolean() ? "$add" : "$multiply", arguments(depth));
            case 4, 5 -> new BsonDocument(PAIRS.get(random.nextInt(PAIRS.size())),
                    new BsonArray(List.of(expression(depth - 1), expression(depth - 1))));
            case 6 -> random.nextBoolean()
                    ? arguments(depth)
                    : new BsonDocument("x", expression(depth - 1)).append("y", expression(depth - 1));
            default -> comparison(depth - 1);
        };
    }

    private BsonArray arguments(int depth) {
        BsonArray arguments = new BsonArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            arguments.add(expression(depth - 1));
        }
        return arguments;
    }

    private BsonValue leaf() {
        return switch (random.nextInt(8)) {
            case 0 -> number();
            case 1 -> new BsonDocument("$literal", values.value(2));
            case 2 -> new BsonString(List.of("$$ROOT", "$$REMOVE", "$$CURRENT.a", "$$ROOT.b.a").get(random.nextInt(4)));
            case 3, 4 -> new BsonString("$" + values.path());
            default -> new BsonString(random.nextBoolean() ? "$a" : "$b");
        };
    }

    @Test
    void boundsLevelsAndParts() {
        QueryLimits limits = new QueryLimits(3, 4, 10, 2, 2);
        for (String expression : List.of("{$not: {$not: {$not: {$not: 1}}}}", "{$and: [1, 2, 3, 4]}", "'$a.b.c'",
                "[[['$a']]]")) {
            BsonDocument filter = BsonDocument.parse("{$expr: " + expression + "}");
            assertThrows(InvalidQueryException.class, () -> Filter.parse(filter, limits), expression);
        }
        Filter.parse(BsonDocument.parse("{$expr: {$and: [1, 2, 3]}}"), limits);
    }

    @Test
    void tellsWhatIsWrong() {
        InvalidQueryException wrong = assertThrows(InvalidQueryException.class,
                () -> Filter.parse(BsonDocument.parse("{$expr: {$sqrt: '$a'}}"), QueryLimits.DEFAULTS));
        assertEquals("$sqrt", wrong.operator());
        Filter filter = Filter.parse(BsonDocument.parse("{$expr: {$divide: [1, '$a']}}"), QueryLimits.DEFAULTS);
        InvalidQueryException zero = assertThrows(InvalidQueryException.class,
                () -> evaluator.matches(filter, QueryBson.view(BsonDocument.parse("{a: 0}"))));
        assertEquals("$divide", zero.operator());
    }

    @Test
    void hasNoPlaceInArrayFiltersAndPull() {
        BsonDocument filter = BsonDocument.parse("{'i.b': 5, $expr: {$eq: ['$i.b', 5]}}");
        assertThrows(InvalidQueryException.class, () -> Update.parse(
                QueryBson.view(BsonDocument.parse("{$set: {'a.$[i].b': 6}}")), List.of(QueryBson.view(filter)),
                QueryLimits.DEFAULTS));
        assertThrows(InvalidQueryException.class, () -> Update.parse(
                QueryBson.view(BsonDocument.parse("{$pull: {a: {$expr: {$eq: ['$b', 5]}}}}")), List.of(),
                QueryLimits.DEFAULTS));
    }
}
