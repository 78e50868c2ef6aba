package net.nvgate.mgmt.api;

/** Ends a request with a problem. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    ProblemException(ProblemCode code, String detail) {
        this(Problem.of(code, detail));
    }

    Problem problem() {
        return problem;
    }
}
