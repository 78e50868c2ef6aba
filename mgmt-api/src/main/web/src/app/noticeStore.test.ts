import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeNotice, notify, shownNotices } from './noticeStore';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const { id } of shownNotices()) closeNotice(id);
  vi.useRealTimers();
});

const titles = () => shownNotices().map(({ title }) => title);

it('takes away what went well, and leaves what offers something to do', () => {
  notify({ variant: 'success', title: 'saved', action: { label: 'Undo', run: () => undefined } });
  notify({ variant: 'success', title: 'undone' });
  expect(titles()).toEqual(['undone', 'saved']);
  vi.advanceTimersByTime(3_600_000);
  expect(titles()).toEqual(['saved']);
});

it('leaves what failed until somebody closes it', () => {
  notify({ variant: 'danger', title: 'refused' });
  vi.advanceTimersByTime(3_600_000);
  expect(titles()).toEqual(['refused']);
  for (const { id } of shownNotices()) closeNotice(id);
  expect(titles()).toEqual([]);
});
