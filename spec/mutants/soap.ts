import { leafOptimizer } from '../oracles/kronecker.js';
import { naiveSoap, type SoapRules } from '../oracles/soap.js';
import { type Mutant, optimizerMutant } from './mutant.js';

/** SOAP with one rule changed. */
function soapMutant(
  id: string,
  mistake: string,
  killedBy: string,
  changed: Partial<SoapRules>,
  seen?: string,
): Mutant {
  return optimizerMutant({ id, mistake, killedBy, method: 'soap', seen }, (options) =>
    leafOptimizer(naiveSoap(options, changed)),
  );
}

export const soapMutants: readonly Mutant[] = [
  soapMutant(
    'soap-square-left-behind',
    'The second moment stays where it was while the basis moves.',
    '82',
    { moveSquare: (_, square) => square },
    'the published code',
  ),
  soapMutant(
    'soap-sorted-basis',
    'The basis is sorted anew while both moments keep their order.',
    '82',
    { moveMean: (_, mean) => mean, moveSquare: (_, square) => square },
    'HeavyBall (issue 42)',
  ),
  soapMutant('soap-first-step', 'The first gradient makes a step, through no basis yet.', '56', {
    skipped: 0,
    count: (t) => t,
  }),
  soapMutant('soap-counts-the-skipped', 'The corrections count the step that was left out.', '56', {
    count: (t) => t,
  }),
  soapMutant('soap-not-turned-back', 'The step is taken in the eigenbasis and not turned back.', '54c', {
    back: (_, x) => x,
  }),
];
