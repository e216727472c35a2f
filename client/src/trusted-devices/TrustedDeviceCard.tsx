import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { DeviceCard } from '../sessions/DeviceCard'
import { ExactTime } from '../ui/ExactTime'
import { TimeAgo } from '../users/TimeAgo'

interface Props {
  device: {
    readonly ip: string
    readonly userAgent: string
    readonly createdAt: string
    readonly lastUsedAt: string
    readonly expiresAt: string
    readonly current: boolean
  }
  /** The buttons for actions on it. */
  actions?: ReactNode
}

/** A trusted device in a list. */
export const TrustedDeviceCard = ({ device, actions }: Props) => {
  const { formatDay } = useLocale()
  return (
    <DeviceCard device={device} actions={actions}>
      <Text size="sm" mt={4}>
        <Message
          id="trusted-devices.list.until"
          values={{
            day: <ExactTime at={device.expiresAt}>{formatDay(device.expiresAt)}</ExactTime>,
          }}
        />
      </Text>
      <Text size="sm" c="dimmed">
        <Message
          id="trusted-devices.list.times"
          values={{
            ip: <bdi>{device.ip}</bdi>,
            trusted: <TimeAgo at={device.createdAt} />,
            used: <TimeAgo at={device.lastUsedAt} />,
          }}
        />
      </Text>
    </DeviceCard>
  )
}
