import { Badge } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ItemCard } from '../ui/ItemCard'
import { deviceWordsOf } from './device-words'

interface Props {
  device: {
    readonly userAgent: string
    /** Whether it is the one that shows this. */
    readonly current: boolean
  }
  /** What can be done to it. */
  actions: ReactNode
  /** What there is to know about it. */
  children: ReactNode
}

/** A browser, in a list of them. */
export const DeviceCard = ({ device: { userAgent, current }, actions, children }: Props) => {
  const { name, mobile } = deviceWordsOf(userAgent)
  return (
    <ItemCard
      Icon={mobile ? IconDeviceMobile : IconDeviceDesktop}
      name={name}
      title={userAgent}
      badge={
        current && (
          <Badge variant="light" radius="sm" tt="none" fw={600} autoContrast>
            This device
          </Badge>
        )
      }
      actions={actions}
    >
      {children}
    </ItemCard>
  )
}
