import { Skeleton, Text } from '@mantine/core'
import type { ReactNode, RefObject } from 'react'
import { useLocale } from '../messages/use-locale'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import type { usePagedQuery } from '../ui/use-paged-query'

type Pages = ReturnType<typeof usePagedQuery>

interface Connection<Item> {
  readonly totalCount: number
  readonly nodes: readonly Item[]
  readonly pageInfo: NonNullable<Parameters<typeof PageButtons>[0]['pageInfo']>
}

interface Props<Item> extends Pick<Pages, 'error' | 'refetch' | 'buttonProps'> {
  label: string
  /** The text if there are no items. */
  none: string
  /** Null or undefined until it is loaded. */
  connection: Connection<Item> | null | undefined
  list: RefObject<HTMLUListElement | null>
  /** Renders an item. */
  children: (item: Item) => ReactNode
}

/** The items of a section in pages, or what is shown while there are none. */
export const SectionList = <Item,>({
  label,
  none,
  connection,
  list,
  error,
  refetch,
  buttonProps,
  children,
}: Props<Item>) => {
  const { t } = useLocale()
  if (connection == null) {
    return error === undefined ? (
      <Skeleton height={74} aria-busy="true" aria-label={t('user-security.tab.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  if (connection.totalCount === 0) return <Text size="sm">{none}</Text>
  return (
    <>
      <ItemList ref={list} label={label}>
        {connection.nodes.map(children)}
      </ItemList>
      <PageButtons list={list} pageInfo={connection.pageInfo} {...buttonProps} />
    </>
  )
}
