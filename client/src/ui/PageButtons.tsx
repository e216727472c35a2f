import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { RefObject } from 'react'

interface Props {
  /** What is paged, as a whole: something with a role and a name. */
  list: RefObject<HTMLElement | null>
  pageInfo:
    | {
        readonly hasNextPage: boolean
        readonly hasPreviousPage: boolean
        readonly startCursor?: string | null
        readonly endCursor?: string | null
      }
    | undefined
  /** @param before where the page ends. */
  onPrevious: (before: string | null) => void
  /** @param after where the page begins. */
  onNext: (after: string | null) => void
}

/**
 * Lets the focus go on from the start of the list, which the button pressed might lose: it is
 * disabled on the last page. Scrolls there where that is out of sight.
 */
const toStart = (list: HTMLElement | null): void => {
  if (list === null) return
  list.tabIndex = -1
  list.focus({ preventScroll: true })
  if (list.getBoundingClientRect().top < 0) list.scrollIntoView()
}

/** The ways to the pages before and after; nothing when there is but one. */
export const PageButtons = ({ list, pageInfo, onPrevious, onNext }: Props) =>
  pageInfo !== undefined && !pageInfo.hasNextPage && !pageInfo.hasPreviousPage ? null : (
    <Group component="nav" aria-label="Pages" justify="flex-end" mt="md">
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={16} aria-hidden />}
        disabled={pageInfo?.hasPreviousPage !== true}
        onClick={() => {
          toStart(list.current)
          onPrevious(pageInfo?.startCursor ?? null)
        }}
      >
        Previous
      </Button>
      <Button
        variant="default"
        rightSection={<IconChevronRight size={16} aria-hidden />}
        disabled={pageInfo?.hasNextPage !== true}
        onClick={() => {
          toStart(list.current)
          onNext(pageInfo?.endCursor ?? null)
        }}
      >
        Next
      </Button>
    </Group>
  )
