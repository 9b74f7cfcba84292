package io.nexuslite.tools;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Warnings and errors to standard error, nothing else. Found by logback as a service at the first event, so a run without one
 * does not load it. {@code -Dnexuslite.log=DEBUG} shows more.
 */
public final class QuietLogging extends ContextAwareBase implements Configurator {
    /** Properties: a level, and a file in place of standard error. Read once, at the first event. */
    static final String LEVEL = "nexuslite.log";
    static final String FILE = "nexuslite.log.file";

    /** Called by logback. */
    public QuietLogging() {
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(System.getProperty(FILE) == null
                ? "%-5level %msg%n%ex{0}"
                : "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n%ex");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = appender(context);
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty(LEVEL), Level.WARN));
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static OutputStreamAppender<ILoggingEvent> appender(LoggerContext context) {
        String file = System.getProperty(FILE);
        if (file == null) {
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            console.setTarget("System.err");
            return console;
        }
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file);
        appender.setAppend(true);
        appender.setContext(context);
        return appender;
    }
}
