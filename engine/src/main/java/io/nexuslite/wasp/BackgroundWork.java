package io.nexuslite.wasp;

import io.nexuslite.wasp.log.Poison;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two daemon threads of an open database: one keeps the log, the other makes checkpoints. */
final class BackgroundWork implements AutoCloseable {
    private static final long LOG_IDLE_MILLIS = 1;
    private static final long CHECKPOINT_IDLE_MILLIS = 2; // closing waits for it

    private final AgentRunner logKeeper;
    private final AgentRunner checkpoints;

    private BackgroundWork(AgentRunner logKeeper, AgentRunner checkpoints) {
        this.logKeeper = logKeeper;
        this.checkpoints = checkpoints;
    }

    static BackgroundWork start(LogKeeper logKeeper, CheckpointTrigger checkpoints, Poison poison) {
        return new BackgroundWork(run(logKeeper, LOG_IDLE_MILLIS, poison),
                run(checkpoints, CHECKPOINT_IDLE_MILLIS, poison));
    }

    private static AgentRunner run(Agent agent, long idleMillis, Poison poison) {
        ErrorHandler poisons = failure -> {
            if (poison.set(failure)) {
                Log.LOGGER.error("background work failed, writes are refused from now on: agent={}", agent.roleName(),
                        failure);
            }
        };
        AgentRunner runner = new AgentRunner(new SleepingMillisIdleStrategy(idleMillis), poisons, null, agent);
        Thread thread = new Thread(runner, agent.roleName());
        thread.setDaemon(true);
        thread.start();
        return runner;
    }

    /** Stops both; waits for what they are doing. */
    @Override
    public void close() {
        checkpoints.close();
        logKeeper.close();
    }

    private static final class Log {
        static final Logger LOGGER = LoggerFactory.getLogger(BackgroundWork.class);
    }
}
