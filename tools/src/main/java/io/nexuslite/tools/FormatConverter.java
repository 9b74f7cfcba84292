package io.nexuslite.tools;

import io.nexuslite.transfer.Format;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of formats on the command line. */
final class FormatConverter implements ITypeConverter<Format> {
    @Override
    public Format convert(String label) {
        try {
            return Format.of(label);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
