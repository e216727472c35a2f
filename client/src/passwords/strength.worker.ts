import type { StrengthQuestion } from './start-strength-worker'
import { strengthOf } from './strength'

self.addEventListener('message', ({ data }: MessageEvent<StrengthQuestion>) => {
  self.postMessage(strengthOf(data.password, data.known))
})
