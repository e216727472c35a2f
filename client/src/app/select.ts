// A part by itself, for pages that load it late.
import './floating-styles'

export { Select } from '@mantine/core'
