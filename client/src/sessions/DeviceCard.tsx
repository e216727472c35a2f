import { Badge } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLocale } from '../messages/use-locale'
import { ItemCard } from '../ui/ItemCard'
import { deviceWordsOf } from './device-words'

interface Props {
  device: {
    readonly userAgent: string
    /** Whether it is the browser that shows this page. */
    readonly current: boolean
  }
  /** The buttons for actions on it. */
  actions: ReactNode
  /** The details about it. */
  children: ReactNode
}

/** A browser in a list. */
export const DeviceCard = ({ device: { userAgent, current }, actions, children }: Props) => {
  const { t } = useLocale()
  const { name, mobile } = deviceWordsOf(t, userAgent)
  return (
    <ItemCard
      Icon={mobile ? IconDeviceMobile : IconDeviceDesktop}
      name={name}
      title={userAgent}
      badge={
        current && (
          <Badge variant="light" radius="sm" tt="none" fw={600} autoContrast>
            {t('sessions.device.current')}
          </Badge>
        )
      }
      actions={actions}
    >
      {children}
    </ItemCard>
  )
}
