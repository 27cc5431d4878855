/** What was asked for, as plain values: shown in the graph, compared when a checkpoint is restored. */
export type Options = { readonly [name: string]: OptionValue };
export type OptionValue = number | string | boolean | null | readonly OptionValue[] | Options;
