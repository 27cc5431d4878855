export { type AdabeliefOptions, adabelief } from './adabelief.js';
export { type AdagradOptions, adagrad } from './adagrad.js';
export { type AdamOptions, adam } from './adam.js';
export { type AdamwOptions, adamw } from './adamw.js';
export { type CatalogueEntry, catalogue, defaultsTable, findMethod } from './catalogue.js';
export {
  type GradientDescentOptions,
  gradientDescent,
  gradientDescent as sgd,
} from './gradient-descent.js';
export { type LambOptions, lamb } from './lamb.js';
export { type LarsOptions, lars } from './lars.js';
export { type Method, method } from './method.js';
export { type MomentumOptions, momentum } from './momentum.js';
export { type NesterovOptions, nesterov } from './nesterov.js';
export { type NewtonOptions, newton } from './newton.js';
export { type RmspropOptions, rmsprop } from './rmsprop.js';
export { type SignDescentOptions, signDescent } from './sign-descent.js';
