// This file was generated from proto/src/limit.rs and proto/src/text.rs by `cargo xtask bless`. Do not edit it.
export const COMMANDS_MAX = 50;
export const SILENCE_MS = 12000;
export const REQUEST_MS = 30000;
export const NAMED_MAX = 50;
export const COVER_HOURS = 12;
export const LATE_MS = 300000;
export const TIME_MIN = -2208988800000;
export const TIME_MAX = 7258118399999;
export const IMPORT_BYTES_MAX = 10485760;
export const NAME_CHARS_MAX = 120;
export const SHORT_CHARS_MAX = 80;
export const LINE_CHARS_MAX = 300;
export const TELEPHONE_CHARS_MAX = 30;
