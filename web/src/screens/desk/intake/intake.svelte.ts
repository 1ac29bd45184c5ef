import { ApiError } from '../../../lib/api';
import type { PersonId } from '../../../lib/wire/id';
import type {
  IntakeAsked,
  IntakeChoices,
  IntakeDecision,
  IntakeDone,
  IntakePreview,
} from '../../../lib/wire/intake';
import { IMPORT_BYTES_MAX } from '../../../lib/wire/limits';
import type { DeskData } from '../data.svelte';

const KIND = 'application/vnd.muster.intake';

const nothing = (): IntakeChoices => ({
  sheet: null,
  header_row: null,
  take_hidden: false,
  month_first: false,
  columns: null,
  words: { funding: {}, care: {}, mobility: {} },
  rows: [],
  fields: [],
});

/**
 * A list being imported. The file stays in this page's memory and goes to the server with each request;
 * neither the device nor the server stores it.
 */
export class Intake {
  file: File | null = $state.raw(null);
  choices: IntakeChoices = $state.raw(nothing());
  preview: IntakePreview | null = $state.raw(null);
  done: IntakeDone | null = $state.raw(null);
  words: string | null = $state(null);
  /** What is in progress. */
  busy: 'reading' | 'importing' | null = $state(null);
  /** Counts requests, so that a stale response is ignored. */
  #asked = 0;

  constructor(readonly data: DeskData) {}

  /** Starts with a file. */
  async open(file: File): Promise<void> {
    this.reset();
    if (file.size > IMPORT_BYTES_MAX) {
      this.words = `The file is larger than ${IMPORT_BYTES_MAX / 1024 / 1024} MB; is it the right one?`;
      return;
    }
    this.file = file;
    await this.look();
  }

  reset(): void {
    this.#asked += 1;
    this.file = null;
    this.choices = nothing();
    this.preview = null;
    this.done = null;
    this.words = null;
    this.busy = null;
  }

  /** Requests a preview. */
  async look(): Promise<void> {
    const number = (this.#asked += 1);
    this.busy = 'reading';
    try {
      const preview = await this.#send<IntakePreview>(null);
      if (number !== this.#asked) return;
      this.preview = preview;
      this.words = null;
    } catch (error) {
      if (number !== this.#asked) return;
      this.words = said(error);
    } finally {
      if (number === this.#asked) this.busy = null;
    }
  }

  /** Imports the list as previewed. */
  async take(): Promise<void> {
    const { preview } = this;
    if (preview === null || this.busy !== null) return;
    this.busy = 'importing';
    const number = (this.#asked += 1);
    try {
      const { digest, head } = preview;
      this.done = await this.#send<IntakeDone>({ digest, head });
      this.words = null;
    } catch (error) {
      this.words = said(error);
      if (error instanceof ApiError && error.code === 'changed') {
        await this.look();
        this.words = said(error);
      }
    } finally {
      if (number === this.#asked) this.busy = null;
    }
  }

  /** Changes a choice, and requests another preview. */
  choose(change: Partial<IntakeChoices>): void {
    this.choices = { ...this.choices, ...change };
    void this.look();
  }

  /** Assigns a column. */
  map(column: number, field: string | null): void {
    const columns = (this.preview?.columns ?? []).map(({ field: own }) => own);
    const other = field === null ? -1 : columns.indexOf(field);
    if (other >= 0) columns[other] = null;
    columns[column] = field;
    this.choose({ columns });
  }

  /** Decides what a row is; replaces an earlier decision. */
  decide(row: number, is: IntakeDecision | null): void {
    const rows = this.choices.rows.filter((choice) => choice.row !== row);
    this.choose({ rows: is === null ? rows : [...rows, { row, is }] });
  }

  decision(row: number): IntakeDecision | null {
    return this.choices.rows.find((choice) => choice.row === row)?.is ?? null;
  }

  /** Decides whether a difference is accepted. */
  field(person: PersonId, field: string, take: boolean): void {
    const others = this.choices.fields.filter(
      (choice) => choice.person !== person || choice.field !== field,
    );
    this.choose({ fields: [...others, { person, field, take }] });
  }

  async #send<T>(agreed: IntakeAsked['agreed']): Promise<T> {
    const { file, choices } = this;
    const room = this.data.room.me?.room;
    if (file === null || room === undefined) throw new Error('nothing to send');
    const asked: IntakeAsked = { file: file.name.slice(0, 300), choices, agreed };
    const body = new Blob([JSON.stringify(asked), '\n', file], { type: KIND });
    return this.data.room.api.call<T>('POST', `/api/rooms/${room}/intake`, body);
  }
}

function said(error: unknown): string {
  if (error instanceof ApiError) {
    return error.status === 403
      ? 'Taking in a list is for the lead, the deputy, business support, records and named social workers, on a device that came in by a staff link.'
      : error.words;
  }
  return 'There is no answer from the server. Nothing was taken in; try again.';
}

let kept: Intake | null = null;

/** Returns the list being imported; it is kept while another view is open. */
export function intakeOf(data: DeskData): Intake {
  if (kept?.data !== data) kept = new Intake(data);
  return kept;
}
