import type { ReportTexts } from "./report-texts.js";

export const englishTexts: ReportTexts = {
  htmlLanguage: "en",
  fitTitle: (target) => `A model of ${target}`,
  minimizeTitle: "A minimum of a formula",
  verdicts: {
    converged: {
      headline: "Converged: this is a minimum",
      meaning:
        "Independent tests agree. The gradient is practically zero, the ground curves upward in every direction that was looked at, and the step still missing is negligible beside the parameters themselves.",
      advice: "",
    },
    "precision-floor": {
      headline: "As low as the numbers can tell",
      meaning:
        "This is a minimum, to the digits a computer number has. A tolerance asked for more digits than there are: rounding hides any further improvement.",
      advice: "Nothing needs to be done. A looser tolerance would end at the same point and call it converged.",
    },
    stalled: {
      headline: "Stalled: no further progress, and no proof of a minimum",
      meaning: "The steps no longer lead lower, yet the tests below do not show a minimum.",
      advice:
        "Try a smaller learning rate, another method or another starting point, and look at the loss curve for the place where it stopped falling.",
    },
    "noise-limited": {
      headline: "Limited by noise, not converged",
      meaning:
        "Each step sees only some of the rows. The noise of that choice is now as large as the progress, so the point wanders around the minimum instead of reaching it.",
      advice: "Let the learning rate shrink, take larger batches, or finish with all rows (--batch full).",
    },
    orbiting: {
      headline: "Circling the minimum, not converged",
      meaning: "The steps are too long to come closer: they jump from one side of the valley to the other.",
      advice: "A smaller learning rate would go on. The stable rate is given below where it is known.",
    },
    saddle: {
      headline: "A saddle, not a minimum",
      meaning: "The gradient is zero here, but the ground falls away in some directions.",
      advice: "Start somewhere else, even a little: from beside a saddle the descent goes on.",
    },
    maximum: {
      headline: "A maximum, not a minimum",
      meaning: "The gradient is zero here because this is the top: the ground falls in every direction.",
      advice: "Start somewhere else, even a little.",
    },
    plateau: {
      headline: "A flat region, not a proven minimum",
      meaning: "The ground is so flat here that the gradient gives no direction. That happens at minima, but also far from them.",
      advice: "Start somewhere else, or rescale the problem.",
    },
    unbounded: {
      headline: "No minimum: the objective falls without end",
      meaning: "Further steps keep leading to lower values, without limit.",
      advice: "Check the sign of the objective, or add the constraint or penalty that is missing.",
    },
    "infimum-not-attained": {
      headline: "No minimum: a lowest value is approached but never reached",
      meaning: "The values come ever closer to a limit while the parameters grow without end, as with 1/x.",
      advice: "A small penalty on the size of the parameters gives the problem a minimum.",
    },
    infeasible: {
      headline: "No point satisfies the constraints",
      meaning: "The constraints contradict each other as far as could be seen.",
      advice: "Check the constraints, or loosen one.",
    },
    budget: {
      headline: "Not finished: the budget was used up first",
      meaning: "The steps, evaluations or time that were allowed ran out while there was still progress to make.",
      advice: "Allow more steps, or a faster method; the loss curve shows how much was still to gain.",
    },
    stopped: {
      headline: "Stopped before the end",
      meaning: "The descent was ended from outside. What follows describes the best point reached until then.",
      advice: "Continue where it stopped, or start again.",
    },
    "broken-input": {
      headline: "Could not begin",
      meaning: "The objective or its gradient is not a finite number at the starting point.",
      advice: "Choose another starting point, and check for logarithms of negative numbers, divisions by zero, and overflow.",
    },
  },
  diverged: {
    headline: "Diverged: the values grew without end",
    meaning: "The steps led higher and higher, away from any minimum. What follows describes the best point that was passed.",
    advice: "A smaller learning rate keeps the steps in check. The stable rate is given below where it is known.",
  },
  bestFit: "For this kind of model there is only one lowest value: no other coefficients fit the rows it learned from better.",
  interrupted: "The run was interrupted; the results belong to the point reached until then.",
  terminationReasons: {
    "gradient-tolerance": "the gradient became as small as was asked for",
    "step-tolerance": "the parameters no longer moved",
    "value-tolerance": "the value no longer changed",
    "target-value": "the value that was asked for was reached",
    "max-steps": "the steps allowed were used up",
    "max-evaluations": "the evaluations allowed were used up",
    "time-limit": "the time allowed was used up",
    "stopped-by-caller": "it was told to stop",
    "line-search-failed": "no lower point was found along the direction",
    infeasible: "no point nearby satisfies the constraints",
    "non-finite-value": "a step led to where the objective is not a finite number",
    "non-finite-gradient": "a step led to where the gradient is not finite",
    diverged: "the values grew without end",
  },
  stoppedBecause: (reason) => `The loop ended because ${reason}.`,
  tests: {
    heading: "The evidence",
    lead: "That the steps ended proves nothing by itself. These tests look at the last point afresh.",
    none: "No tests were made: the descent ended before there was a point to test.",
    columns: ["Question", "Measured", "Limit", "Answer"],
    passed: "passed",
    failed: "not passed",
    questions: {
      gradient: "Is the slope practically zero?",
      curvature: "Does the ground curve upward in all directions?",
      "remaining-step": "Is the step still missing negligible?",
      coordinate: "Does no parameter by itself still lead down?",
      "own-units": "Is nothing left to gain where each parameter has its own unit?",
      neighborhood: "Is no point nearby lower?",
      "remaining-decrease": "Would Newton's step gain next to nothing?",
      kink: "Do the slopes on both sides of the kink point away from it?",
      valley: "Does the floor of the valley rise where the way bends?",
      ray: "Does the objective stop falling far out?",
      orbit: "Do the steps lead somewhere, rather than round and round?",
      noise: "Are the values free of jitter?",
      "gradient-source": "Is the gradient that of the values?",
      "whole-neighbors": "Is no neighbor among the whole numbers lower?",
      "noise-floor": "Is there more to gain than the noise of the steps takes away?",
      "batch-noise": "Does the gradient stand out from the noise of the batches?",
      progress: "Was the objective over all rows still falling?",
      feasibility: "Do all constraints hold?",
      complementarity: "Do only constraints at their limit weigh, and none the wrong way?",
    },
  },
  summary: {
    heading: "In short",
    model: "Model",
    target: "Predicts",
    features: (count) => `${count} ${count === 1 ? "column" : "columns"}`,
    featuresLabel: "From",
    rows: "Rows",
    rowsUsed: (train, test) => `${train} to learn from${test === "0" ? "" : `, ${test} kept apart to judge`}`,
  },
  models: {
    linear: "linear, least squares",
    ridge: "linear, least squares with small weights (ridge)",
    lasso: "linear, least squares with few weights (lasso)",
    "elastic-net": "linear, least squares with few and small weights (elastic net)",
    huber: "linear, robust against outliers (Huber)",
    logistic: "logistic regression, two classes",
    softmax: "softmax regression, several classes",
  },
  chosenBecause: {
    numbers: "chosen because the target holds numbers",
    "two-values": "chosen because the target has two values",
    classes: "chosen because the target holds classes",
  },
  objective: "What was minimized",
  data: {
    heading: "What was done to the data",
    source: "Table",
    rowsRead: "Rows read",
    droppedMissing: "Left out: a value is missing",
    droppedInfinite: "Left out: a value is infinite",
    imputed: "Used with a value filled in",
    train: "Learned from",
    test: "Kept apart to judge",
    scaling: "Scaling",
    scalings: {
      standard:
        "Every column was brought to mean 0 and standard deviation 1 for the descent, so that one learning rate suits all. The results are given in the units of the table.",
      "min-max":
        "Every column was brought to the range from 0 to 1 for the descent, so that one learning rate suits all. The results are given in the units of the table.",
      "max-abs":
        "Every column was divided by its largest absolute value for the descent, so that one learning rate suits all. The results are given in the units of the table.",
      robust:
        "Every column was brought to median 0 and a distance of 1 between its quartiles for the descent, which a few outliers do not change. The results are given in the units of the table.",
      none: "None: the descent worked on the columns as they are.",
    },
    columnsHeading: "Columns",
    columns: ["Column", "Type", "Used as", "Missing", "What was done"],
    roles: { target: "target", feature: "feature", weight: "row weight", "set-aside": "not used" },
    filled: (by, value, indicator) =>
      `missing values became the ${by === "mode" ? "most frequent value" : by}, ${value}${indicator ? "; a further column marks those rows" : ""}`,
    categories: (base, levels) => `${levels} categories, coded as 0 and 1 against “${base}”`,
    dates: (unit) => `dates as numbers, in ${unit}`,
    powers: (degree) => `with powers up to ${degree}`,
    reasons: {
      text: () => "text",
      dates: () => "dates",
      nested: () => "nested values",
      constant: (detail) => `always the same${detail === "" ? "" : `: ${detail}`}`,
      duplicate: (detail) => `repeats ${detail === "" ? "another column" : `“${detail}”`}`,
      empty: () => "has no values",
      identifier: () => "different in every row, like a name or number of the row",
      "too-many-categories": (detail) => `too many categories${detail === "" ? "" : ` (${detail})`}`,
      asked: () => "left out as asked",
      other: (detail) => detail,
    },
  },
  coefficients: {
    heading: "Coefficients",
    lead: "By how much the prediction changes when a feature grows by one unit of the table and all others stay.",
    name: "Feature",
    class: "Class",
    value: "Coefficient",
    standardError: "± standard error",
    interval: "95 % interval",
    intervalMeaning:
      "Of many such samples 95 % would give an interval that holds the true coefficient; one that holds 0 leaves open whether the feature matters.",
    perDeviation: "Per standard deviation",
    closedForm: "Closed form",
    perDeviationLead: "Units differ between columns; “per standard deviation” makes features comparable.",
    more: (count) => `Show ${count} more`,
    closedFormAgrees: (difference) =>
      `This problem can also be solved without descent (by a QR factorization). The largest relative difference between both results is ${difference}.`,
    pathTitle: "Coefficients over the penalty",
    pathAxis: "weight of the penalty α",
    plotTitle: "Coefficients side by side",
    plotAxis: (target) => `change of ${target} per standard deviation of the feature`,
    plotAxisClass: "change of the score per standard deviation of the feature",
  },
  metrics: {
    heading: "How good the predictions are",
    lead: (test) =>
      test
        ? "The rows kept apart were not looked at while learning: their numbers tell what to expect of new data."
        : "No rows were kept apart: these numbers describe the rows learned from, and new data will do worse.",
    columns: ["Measure", "Learned from", "Kept apart", "Cross-validation", "What it says"],
    names: {},
    meanings: {
      RMSE: "typical size of an error, large errors counting more, in the unit of the target",
      MAE: "mean size of an error, in the unit of the target",
      "R²": "share of the variation that is explained: 1 is perfect, 0 no better than the mean",
      accuracy: "share of rows with the right class",
      "log loss": "how surprised the model was by what happened: 0 is perfect",
      AUC: "chance that a positive row is ranked above a negative one: 1 is perfect, 0.5 a coin",
      precision: "share of the predicted positives that are positive",
      recall: "share of the positives that were found",
      F1: "precision and recall in one number: 1 is perfect",
      Brier: "mean squared error of the probabilities: 0 is perfect",
    },
  },
  figures: {
    heading: "The model in pictures",
    train: "learned from",
    test: "kept apart",
    line: (feature) => `The fitted line over ${feature}`,
    surface: "The fitted surface",
    noPicture: (count) =>
      `A model of ${count} features cannot be drawn over its data on paper; one or two could be. These pictures show what it predicts instead.`,
    predicted: "Predicted against actual",
    residuals: "What is left unexplained",
    residualHistogram: (part) => `How large the errors are (${part})`,
    residualAxis: "actual − predicted",
    confusion: (part) => `Which classes are taken for which (rows ${part})`,
    calibration: "Can the probabilities be believed?",
    confidence: "of the predicted class",
  },
  descent: {
    heading: "How the descent went",
    lead: "Each step moves the parameters a little downhill. The loss is what is minimized; it should fall, steeply first and then flatten. On a logarithmic axis steady progress is a straight line.",
    leadValue:
      "Each step moves the variables a little downhill, so the value should fall, steeply first and then flatten. On a logarithmic axis steady progress is a straight line.",
    lossLinear: "Loss",
    valueLinear: "Value",
    valueLog: "Value, logarithmic",
    lossLog: "Loss, logarithmic",
    excessLog: "Distance to the lowest value, logarithmic",
    gradientLog: "Size of the gradient, logarithmic",
    foreseen: {
      course: {
        name: "foreseen",
        caption:
          "Dashed: foreseen before the first step, from the curvature at the start. Exact for least squares and other quadratics; elsewhere it tells how the descent begins.",
      },
      bound: {
        name: "fastest possible",
        caption:
          "Dashed: no method that goes by gradients alone can be lower, by the curvature at the start. Exact for least squares and other quadratics; elsewhere it tells how the descent begins.",
      },
    },
    notForeseen: {
      adaptive: "The course was not foreseen: this method changes the length of its steps along each parameter as it goes.",
      search: "The course was not foreseen: this method finds the length of each step by looking.",
      rule: "The course was not foreseen: no theory tells it for this method, or its learning rate changes on the way.",
      "negative-curvature":
        "The course was not foreseen: the ground curves downward at the start, so the curvature there tells of no minimum.",
      batches: "The course was not foreseen: each step looks at other rows.",
    },
    lossAxis: "loss",
    valueAxis: "value",
    gradientAxis: "‖g‖₂",
    stepAxis: "step",
    epochAxis: "epoch (pass over the data)",
    training: "rows learned from",
    validation: "rows kept apart",
    method: "Method",
    learningRate: "Learning rate",
    batch: "Rows per step",
    batchFull: "all",
    batchRows: (count) => `${count} (a random batch)`,
    steps: "Steps taken",
    stepsTaken: (count, epochs) => (epochs === undefined ? count : `${count} (${epochs} passes over the data)`),
    predictedSteps: "Steps foreseen",
    time: "Time",
    evaluations: "Evaluations",
    rowGradients: "Gradients of single rows",
    evaluationCounts: (values, gradients, products) =>
      `${values} values, ${gradients} gradients${products === undefined ? "" : `, ${products} products with the Hessian`}`,
    gradient: "Gradient",
    gradientSources: {
      compiled: "exact, derived from the objective",
      provided: "given by the caller",
      "finite-difference": "approximated by differences of values",
      estimated: "estimated",
    },
    gradientNorm: "‖g‖∞ at the end",
    finalValue: "Lowest value",
    largestCurvature: "Largest curvature",
    smallestCurvature: "Smallest curvature",
    conditionNumber: "Condition number",
    conditionMeaning: (value) =>
      value === Number.POSITIVE_INFINITY
        ? "some columns depend on each other: single coefficients are not determined, predictions are"
        : value < 100
          ? "round valley: easy for any method"
          : value < 1e4
            ? "long valley: plain gradient descent needs patience"
            : "very long, narrow valley: hard for plain gradient descent",
    stableRate: "Stable learning rates",
    sweepHeading: "Learning rates tried",
    sweepLead: (steps) =>
      `Before the descent ${steps} steps were spent on trying learning rates. The better half of them ran on each time; the one that came lowest soonest was taken.`,
    sweepTitle: "Loss above the lowest, by learning rate",
    sweepDiverged: "diverged",
    curvatureHeading: "The shape of the valley",
    curvatureLead:
      "The curvature (the eigenvalues of the Hessian) tells how steep the walls of the valley are beside its floor. Their ratio, the condition number, decides how many steps gradient descent needs.",
  },
  minimize: {
    objective: "Objective",
    constants: "Constants",
    resultHeading: "The result",
    columns: ["Variable", "Start", "End", "Gradient there"],
    value: "Value",
    contour: "The path downhill",
    noContour: (count) =>
      count < 2
        ? "A map with a path needs two variables; this objective has one."
        : `A map with a path needs two variables; this objective has ${count}.`,
  },
  race: {
    title: "A race of methods",
    winner: (name, evaluations) => `${name} was first, after ${evaluations} evaluations.`,
    tableHeading: "Who came first",
    lead: (within) =>
      `All began at the same start with the same budget. Evaluations and steps are those until ${within} of the fall to the best value was left; a dash says that a method never came that close. The order holds for this objective, this start and these learning rates.`,
    columns: ["Rank", "Method", "Evaluations", "Steps", "Lowest value", "Verdict"],
    pictures: "How they got there",
    curves: "Value above the best, by evaluations",
    evaluations: "evaluations",
    paths: "The paths of all methods",
  },
  multistart: {
    title: "Descents from many starts",
    found: (starts, places) => `${starts} starts ended in ${places} ${places === "1" ? "place" : "different places"}.`,
    bestHeading: "The lowest place",
    verdict: "Verdict",
    share: "Starts that come as low (95 % interval)",
    chance: (chances) =>
      `The best of ${chances.map(([starts, probability]) => `${starts} starts is as low with a probability of ${probability}`).join(", of ")}. A lower place that no start has met is not in this.`,
    tableHeading: "Where they end",
    lead: "Ends that are close in every variable and in value are one place. The share of the starts that lead there estimates how large its basin is, with the interval that holds it with a confidence of 95 %.",
    columns: ["Rank", "Value", "Starts", "Share", "Verdict"],
    more: (count) => `${count} higher places are left out here; --json has all of them.`,
    pictures: "Starts and ends",
    map: "Which start leads where",
    leadsTo: (rank, place) => `to place ${rank}, ${place}`,
    others: "to other places",
    values: "Values at the ends, the lowest first",
    startsAxis: "starts",
  },
  findings: { heading: "Worth knowing", warning: "Careful", info: "Note", messages: {}, sentence: () => undefined },
  origin: {
    heading: "How to make this again",
    lead: "The same command on the same input gives the same numbers: every random choice comes from the seed.",
    command: "Command",
    seed: "Seed",
    version: "Descend",
    created: "Made",
  },
  listSeparator: ", ",
  seconds: (seconds) =>
    seconds < 1
      ? `${Math.max(1, Math.round(seconds * 1000))} ms`
      : seconds < 60
        ? `${seconds.toFixed(1)} s`
        : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`,
};
