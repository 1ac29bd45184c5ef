import { ApiError } from '../../../lib/api';
import { copy } from '../../../lib/copy';
import type {
  FileTaken,
  HomesAnswer,
  ListedHome,
  VacanciesTaken,
} from '../../../lib/wire/directory';
import type { DeskData } from '../data.svelte';
import { may } from '../rights';
import { queryOf } from './query';
import { postcodeOf } from './words';

/** Returns what can be told of a failure. */
const words = (error: unknown): string =>
  error instanceof ApiError ? error.words : copy.error.server;

/** A search in the directory of homes, and its results. */
export class HomesSearch {
  kind = $state('');
  category = $state('');
  authority = $state('');
  near = $state('');
  within = $state('');
  rating = $state('');
  bedsMin = $state('');
  text = $state('');
  answer: HomesAnswer | null = $state.raw(null);
  /** The search that the results belong to, without the page. */
  asked = $state('');
  wrong: string | null = $state(null);
  busy = $state(false);
  /** The selected result, by the id of its latest registration. */
  opened: string | null = $state(null);

  /** The postcode of the home that closes, if its site's address has one. */
  readonly closing = $derived.by(() => {
    const site = this.data.sites.find(({ kind }) => kind === 'home');
    return postcodeOf(site?.address ?? null);
  });
  readonly shown = $derived(
    this.answer?.homes.find((home) => home.registrations[0]?.location === this.opened) ?? null,
  );
  readonly mayAdd = $derived.by(() => may(this.data, 'add_home'));
  /** A list is everybody's: a link for one person from outside does not carry it. */
  readonly mayList = $derived.by(() => this.mayAdd && this.data.me?.ceiling === 'staff');

  constructor(readonly data: DeskData) {}

  /** Returns whether one of a result's registrations is in the room. */
  inRoom(listed: ListedHome): boolean {
    const ids = listed.registrations.map(({ home }) => home);
    return this.data.homes.some(({ home }) => ids.includes(home));
  }

  /** Searches with the current fields. */
  async search(): Promise<void> {
    const fields = {
      type: this.kind,
      category: this.category,
      authority: this.authority,
      near: this.near,
      within_miles: this.within,
      from: this.closing ?? '',
      rating: this.rating,
      beds_min: this.bedsMin,
      words: this.text,
    };
    this.asked = queryOf(fields);
    await this.page(1);
  }

  /** Loads a page of the last search. */
  async page(page: number): Promise<void> {
    this.busy = true;
    try {
      const path = `/api/homes?${this.asked}&page=${page}`;
      this.answer = await this.data.room.api.call<HomesAnswer>('GET', path);
      this.wrong = null;
    } catch (error) {
      this.wrong = words(error);
    } finally {
      this.busy = false;
    }
  }

  add(listed: ListedHome): void {
    this.data.ask({ kind: 'add_home', home: listed.home });
  }

  /** Uploads one of the regulator's files; returns the words of a refusal. */
  async takeFile(file: File, day: string): Promise<FileTaken | string> {
    const query = queryOf({ name: file.name, day });
    return this.#take<FileTaken>(`/api/homes/files?${query}`, file);
  }

  /** Uploads a vacancy list. */
  async takeVacancies(
    file: File,
    said: Record<'source' | 'day' | 'home' | 'vacancies' | 'date', string>,
  ): Promise<VacanciesTaken | string> {
    const query = queryOf({ name: file.name, ...said });
    return this.#take<VacanciesTaken>(`/api/homes/vacancies?${query}`, file);
  }

  async #take<T>(path: string, file: File): Promise<T | string> {
    const whole = file.slice(0, file.size, 'application/octet-stream');
    try {
      const taken = await this.data.room.api.call<T>('POST', path, whole);
      await this.page(this.answer?.page ?? 1);
      return taken;
    } catch (error) {
      return words(error);
    }
  }
}
