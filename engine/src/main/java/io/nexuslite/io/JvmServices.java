package io.nexuslite.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;

/** What the JDK tells about the machine without native access. */
final class JvmServices {
    private JvmServices() {
    }

    private static final class Random {
        static final SecureRandom SECURE = new SecureRandom(); // seeded on first use, which may take a while
    }

    private static final class HostName {
        static final String VALUE = findHostName();
    }

    static void entropy(MemorySegment target, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        byte[] bytes = new byte[length];
        Random.SECURE.nextBytes(bytes);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, offset, length);
    }

    static long processId() {
        return ProcessHandle.current().pid();
    }

    static String hostName() {
        return HostName.VALUE;
    }

    /** Cheap sources first: asking for the local host may wait for a name server. */
    private static String findHostName() {
        String name = System.getenv(Platform.WINDOWS ? "COMPUTERNAME" : "HOSTNAME");
        if (name == null || name.isBlank()) {
            name = fromProc();
        }
        if (name == null || name.isBlank()) {
            try {
                name = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
        return name;
    }

    private static String fromProc() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return null;
        }
    }
}
