export { buckets } from './buckets.js';
export { type CourseOptions, courses, points, shapeLists, vectorCourses } from './courses.js';
export { type DataSet, dataSets } from './data-sets.js';
export { dyadic, dyadicVector, nonzeroDyadic, nonzeroVector, scale } from './dyadic.js';
export { compose, condition, type Spectral, type SpectralOptions, spectral } from './matrices.js';
export { methodOptions } from './options.js';
export { gradientOf, modes, type Quadratic, quadraticAt, quadratics } from './quadratics.js';
