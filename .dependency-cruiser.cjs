/** The house has one-way doors: dashboard → spec → streams → src, and inside src towards algebra. */
const rooms = [
  'algebra',
  'wasm',
  'linalg',
  'curvature',
  'objective',
  'search',
  'trust-region',
  'least-squares',
  'transforms',
  'methods',
  'problems',
  'tensors',
];
/** What each room of src may import besides itself: the rooms before it, or, where that would be too much, these. */
const mayImport = {
  ...Object.fromEntries(rooms.map((room, at) => [room, rooms.slice(0, at)])),
  wasm: [],
  transforms: ['algebra', 'linalg', 'curvature', 'objective'],
  problems: ['algebra', 'linalg', 'curvature', 'objective'],
};

const roomRules = rooms.map((room) => ({
  name: `src/${room} looks only towards algebra`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...mayImport[room]].join('|')})/` },
}));

/** The rooms of the dashboard and of spec, each with the rooms beside itself that it may import. */
const roomsOf = {
  dashboard: {
    record: [],
    plot: ['record'],
    server: ['record'],
    page: ['record', 'plot', 'server'],
    learn: ['plot', 'cli/arguments', 'page/src/style'],
    watch: ['record', 'server'],
    cli: ['record', 'plot', 'server'],
  },
  'dashboard/record': {
    disk: [],
    log: ['disk'],
    checkpoint: ['disk'],
    recording: ['disk', 'log', 'checkpoint'],
    export: ['log'],
    runs: ['disk', 'log'],
  },
  'dashboard/cli': {
    arguments: [],
    terminal: [],
    race: ['arguments'],
    check: ['arguments', 'terminal'],
    commands: ['arguments', 'terminal', 'race', 'check', 'native'],
    native: [],
  },
  'dashboard/learn/src': { model: [], draw: ['model'], view: ['model', 'draw'] },
  'dashboard/page/src': {
    data: [],
    style: [],
    charts: ['data'],
    live: ['data'],
    view: ['data', 'charts', 'live', 'style'],
  },
  spec: {
    subjects: [],
    oracles: ['subjects'],
    arbitraries: ['subjects', 'oracles'],
    laws: ['subjects', 'oracles', 'arbitraries'],
    mutants: ['subjects', 'oracles'],
  },
};

const innerRules = Object.entries(roomsOf).flatMap(([house, rooms]) =>
  Object.entries(rooms).map(([room, others]) => ({
    name: `${house}/${room} imports ${others.length === 0 ? 'no room beside itself' : `only ${others.join(', ')}`}`,
    severity: 'error',
    from: { path: `^${house}/${room}/` },
    to: { path: `^${house}/[^/]+/`, pathNot: `^${house}/(${[room, ...others].join('|')})/` },
  })),
);

module.exports = {
  forbidden: [
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src imports no upper floor',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(streams|spec|dashboard)/' },
    },
    {
      name: 'streams import only src',
      severity: 'error',
      from: { path: '^streams/' },
      to: { path: '^(spec|dashboard)/' },
    },
    {
      name: 'shipped spec imports no dashboard',
      severity: 'error',
      from: { path: '^spec/', pathNot: '^spec/(tests|bench|simulation)/' },
      to: { path: '^(dashboard|spec/tests|spec/bench|spec/simulation)/' },
    },
    {
      name: 'dashboard imports no tests',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^spec/(tests|bench|simulation)/' },
    },
    {
      name: 'the mathematics has no RxJS in it',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/rxjs' },
    },
    {
      name: 'only src/tensors touches TensorFlow.js',
      severity: 'error',
      from: { path: '^(src|streams|dashboard|spec)/', pathNot: '^(src/tensors|spec/(tests|bench))/' },
      to: { path: 'node_modules/@tensorflow' },
    },
    {
      name: 'src and streams run in a browser too',
      comment:
        'Only files that read data sets or native modules from disk, named node-*.ts, may use Node built-ins.',
      severity: 'error',
      from: { path: '^(src|streams)/', pathNot: '/node-[^/]+\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...roomRules,
    ...innerRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
