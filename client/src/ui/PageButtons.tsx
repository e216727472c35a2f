import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { useLocale } from '../messages/use-locale'

interface Props {
  /** The element that contains the list. It needs a role and a name. */
  list: RefObject<HTMLElement | null>
  pageInfo:
    | {
        readonly hasNextPage: boolean
        readonly hasPreviousPage: boolean
        readonly startCursor?: string | null
        readonly endCursor?: string | null
      }
    | undefined
  /** @param before the cursor before which the page ends. */
  onPrevious: (before: string | null) => void
  /** @param after the cursor after which the page begins. */
  onNext: (after: string | null) => void
}

/**
 * Moves the focus to the start of the list. The pressed button may lose it, because it is disabled
 * on the last page. Scrolls to the start if that is not visible.
 */
const toStart = (list: HTMLElement | null): void => {
  if (list === null) return
  list.tabIndex = -1
  list.focus({ preventScroll: true })
  if (list.getBoundingClientRect().top < 0) list.scrollIntoView()
}

/** The buttons to the previous and the next page. Shows nothing if there is only one page. */
export const PageButtons = ({ list, pageInfo, onPrevious, onNext }: Props) => {
  const { t } = useLocale()
  return pageInfo !== undefined && !pageInfo.hasNextPage && !pageInfo.hasPreviousPage ? null : (
    <Group component="nav" aria-label={t('ui.pages.label')} justify="flex-end" mt="md">
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={16} aria-hidden />}
        disabled={pageInfo?.hasPreviousPage !== true}
        onClick={() => {
          toStart(list.current)
          onPrevious(pageInfo?.startCursor ?? null)
        }}
      >
        {t('ui.pages.previous')}
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
        {t('ui.pages.next')}
      </Button>
    </Group>
  )
}
