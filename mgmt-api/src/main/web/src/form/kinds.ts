import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { send } from '../api/send';
import { type AnyObject, type Contract, type KindInfo, loadContract } from './contract';

export const useContract = (): Contract | undefined => useQuery({ queryKey: ['contract'], queryFn: loadContract, staleTime: Infinity }).data;

export const kindInfo = (contract: Contract, kind: string): KindInfo | undefined => contract.kinds.find((known) => known.kind === kind);

export interface ListPage {
  readonly items: readonly AnyObject[];
  readonly total: number;
}

export interface ListQuery {
  readonly name?: string;
  readonly limit: number;
  readonly offset?: number;
}

export const getList = (kind: string, { name, limit, offset = 0 }: ListQuery): Promise<ListPage> => send(kind, { query: { name, limit, offset } });

/** One page of a kind's objects; asked again at every change of the fabric. */
export function useList(kind: string, query: ListQuery, enabled = true) {
  return useQuery({ queryKey: ['list', kind, query], queryFn: () => getList(kind, query), placeholderData: keepPreviousData, enabled });
}

export function useObject(kind: string, id: string | undefined) {
  return useQuery({ queryKey: ['object', kind, id], queryFn: () => send<AnyObject>(`${kind}/${id}`), enabled: id !== undefined });
}

/** As many as a list to choose from has; where there are more, they are looked for by name. */
export const CHOICES_MAX = 100;

export const useChoices = (kind: string, enabled = true) => useList(kind, { limit: CHOICES_MAX }, enabled);
