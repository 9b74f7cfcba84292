package io.nexuslite.query;

/** Asked at each step of work that may take long; ends it by throwing. */
@FunctionalInterface
public interface StepCheck {
    /** Never ends anything. */
    StepCheck NONE = () -> {
    };

    /** One step was done. */
    void step();
}
