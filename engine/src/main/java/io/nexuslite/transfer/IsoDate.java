package io.nexuslite.transfer;

/**
 * Dates of ISO 8601 to milliseconds since 1970 UTC and back, in the proleptic Gregorian calendar.
 *
 * <p>Days from dates and back as by Hinnant, "chrono-compatible low-level date algorithms", 2013.
 */
final class IsoDate {
    /** No date: no text that is read gives this. */
    static final long INVALID = Long.MIN_VALUE;
    /** Most bytes that {@link #format} writes. */
    static final int LENGTH_MAX = 32;
    /** Last millisecond of the year 9999. */
    static final long LAST_MILLIS = 253_402_300_799_999L;

    private static final long DAY_MILLIS = 86_400_000;
    private static final int ERA_DAYS = 146_097;
    private static final int ERA_YEARS = 400;
    /** From 0000-03-01 to 1970-01-01. */
    private static final int EPOCH_DAYS = 719_468;
    private static final int YEAR_DIGITS_MAX = 9;
    private static final int FRACTION_DIGITS_MAX = 9;
    private static final int OFFSET_MINUTES_MAX = 18 * 60;
    /** Minutes whose milliseconds fit a long, an offset included. */
    private static final long MINUTES_MAX = Long.MAX_VALUE / 60_000 - 2 * OFFSET_MINUTES_MAX;

    private IsoDate() {
    }

    /**
     * Reads {@code text[from, to)}: date, {@code T}, time with or without seconds and their fraction of up to nine digits, then
     * {@code Z} or an offset in hours or hours and minutes. Years are four digits, or up to nine behind a sign. What is finer than
     * a millisecond is cut off. The byte at {@code to} and 16 more may be read.
     *
     * @return milliseconds, or {@link #INVALID}
     */
    static long parse(byte[] text, int from, int to) {
        boolean signed = text[from] == '-' || text[from] == '+';
        int yearAt = signed ? from + 1 : from;
        int at = yearAt;
        while (at < to && at - yearAt < YEAR_DIGITS_MAX && isDigit(text[at])) {
            at++;
        }
        int yearDigits = at - yearAt;
        if (yearDigits < 4 || yearDigits > 4 && !signed || to - at < 13) {
            return INVALID;
        }
        long year = number(text, yearAt, yearDigits);
        year = text[from] == '-' ? -year : year;
        int month = number(text, at + 1, 2);
        int day = number(text, at + 4, 2);
        int hour = number(text, at + 7, 2);
        int minute = number(text, at + 10, 2);
        if (text[at] != '-' || text[at + 3] != '-' || (text[at + 6] | 0x20) != 't' || text[at + 9] != ':' || month < 1
                || month > 12 || day < 1 || day > days(year, month) || hour < 0 || hour > 23 || minute < 0
                || minute > 59) {
            return INVALID;
        }
        long minutes = daysSinceEpoch(year, month, day) * (24 * 60) + hour * 60 + minute;
        return seconds(text, at + 12, to, minutes);
    }

    private static long seconds(byte[] text, int from, int to, long minutes) {
        int at = from;
        int millis = 0;
        if (text[at] == ':') {
            int second = number(text, at + 1, 2);
            if (second < 0 || second > 59) {
                return INVALID;
            }
            millis = second * 1000;
            at += 3;
            if (text[at] == '.') {
                int first = ++at;
                int unit = 100;
                while (at < to && isDigit(text[at])) {
                    millis += (text[at++] - '0') * unit;
                    unit /= 10;
                }
                if (at == first || at - first > FRACTION_DIGITS_MAX) {
                    return INVALID;
                }
            }
        }
        int offset = offsetMinutes(text, at, to);
        if (offset == Integer.MIN_VALUE || Math.abs(minutes) > MINUTES_MAX) {
            return INVALID;
        }
        return (minutes - offset) * 60_000 + millis;
    }

    /** Minutes that a zone is ahead of UTC, or {@code Integer.MIN_VALUE}. */
    private static int offsetMinutes(byte[] text, int at, int to) {
        int length = to - at;
        if (length == 1 && (text[at] | 0x20) == 'z') {
            return 0;
        }
        if (length < 3 || text[at] != '+' && text[at] != '-') {
            return Integer.MIN_VALUE;
        }
        int hours = number(text, at + 1, 2);
        int minutes = switch (length) {
            case 3 -> 0;
            case 5 -> number(text, at + 3, 2);
            case 6 -> text[at + 3] == ':' ? number(text, at + 4, 2) : -1;
            default -> -1;
        };
        int offset = hours * 60 + minutes;
        if (hours < 0 || minutes < 0 || minutes > 59 || offset > OFFSET_MINUTES_MAX) {
            return Integer.MIN_VALUE;
        }
        return text[at] == '-' ? -offset : offset;
    }

    /** Value of exactly {@code digits} digits, or -1. */
    private static int number(byte[] text, int at, int digits) {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            if (!isDigit(text[i])) {
                return -1;
            }
            value = value * 10 + text[i] - '0';
        }
        return value;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static int days(long year, int month) {
        if (month == 2) {
            return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    private static long daysSinceEpoch(long year, int month, int day) {
        long shifted = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(shifted, ERA_YEARS);
        long yearOfEra = shifted - era * ERA_YEARS;
        long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * ERA_DAYS + dayOfEra - EPOCH_DAYS;
    }

    /**
     * Writes a date from 1970 to 9999 in UTC, with as many digits of the second as it needs: none, or up to three.
     *
     * @return offset behind the text
     */
    static int format(long millis, byte[] target, int offset) {
        int at = formatWhole(millis, target, offset);
        at--; // the zone
        while (target[at - 1] == '0') {
            at--;
        }
        at = target[at - 1] == '.' ? at - 1 : at;
        target[at++] = 'Z';
        return at;
    }

    /** As {@link #format}, always with three digits of the second's fraction. */
    static int formatWhole(long millis, byte[] target, int offset) {
        int dayOfEra = (int) (millis / DAY_MILLIS) + EPOCH_DAYS;
        int era = dayOfEra / ERA_DAYS;
        dayOfEra -= era * ERA_DAYS;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = yearOfEra + era * ERA_YEARS + (month <= 2 ? 1 : 0);
        int rest = (int) (millis % DAY_MILLIS);

        int at = Digits.writePadded(year, 4, target, offset);
        target[at++] = '-';
        at = Digits.writePadded(month, 2, target, at);
        target[at++] = '-';
        at = Digits.writePadded(day, 2, target, at);
        target[at++] = 'T';
        at = Digits.writePadded(rest / 3_600_000, 2, target, at);
        target[at++] = ':';
        at = Digits.writePadded(rest / 60_000 % 60, 2, target, at);
        target[at++] = ':';
        at = Digits.writePadded(rest / 1000 % 60, 2, target, at);
        target[at++] = '.';
        at = Digits.writePadded(rest % 1000, 3, target, at);
        target[at++] = 'Z';
        return at;
    }
}
