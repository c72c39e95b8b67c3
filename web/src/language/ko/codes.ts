import type { Messages, Translated } from '../en.ts'

export const codes: Translated<Messages['codes']> = {
  address_held: {
    cause: '다른 연락처가 아직 이 이메일을 사용합니다',
    remedy: '먼저 다른 Person의 실패 원인을 해결하세요.',
  },
  brevo_rejected: {
    cause: 'Brevo가 값을 거부했습니다',
    remedy: 'Pipedrive에서 값을 수정하면 자동으로 다시 시도합니다.',
  },
  brevo_not_kept: {
    cause: 'Brevo가 연락처의 일부를 저장하지 않았습니다',
    remedy: '속성 유형과 값을 비교하거나, 매핑에서 이 속성을 빼세요.',
  },
  brevo_not_there: {
    cause: 'Brevo가 연락처를 받았지만 저장되어 있지 않습니다',
    remedy: '다음 동기화에서 다시 시도합니다. 계속되면 Brevo가 이 이메일을 거부하는지 확인하세요.',
  },
  brevo_unavailable: {
    cause: 'Brevo를 사용할 수 없었습니다',
    remedy: '다음 동기화에서 자동으로 다시 시도합니다.',
  },
  brevo_unreachable: {
    cause: 'Brevo에 연결할 수 없었습니다',
    remedy: '네트워크와 주소를 확인한 뒤 다시 시도하세요.',
  },
  brevo_busy: {
    cause: 'Brevo가 이 연락처를 처리하는 중이었습니다',
    remedy: '다음 동기화에서 자동으로 다시 시도합니다.',
  },
  brevo_limited: {
    cause: 'Brevo 요청 제한을 모두 사용했습니다',
    remedy: '제한이 갱신된 뒤 다시 시도하세요.',
  },
  record_unreadable: {
    cause: 'Pipedrive 레코드를 읽을 수 없습니다',
    remedy: 'Pipedrive에서 레코드를 열어 메시지에 나온 필드를 수정하세요.',
  },
  pipedrive_record_unreadable: {
    cause: 'Pipedrive 레코드를 읽을 수 없습니다',
    remedy: 'Pipedrive에서 레코드를 열어 메시지에 나온 필드를 수정하세요.',
  },
  pipedrive_rejected: {
    cause: 'Pipedrive가 값을 거부했습니다',
    remedy: 'Brevo에서 값을 수정하거나, 이 필드를 Brevo 방향으로만 동기화하세요.',
  },
  pipedrive_not_kept: {
    cause: 'Pipedrive가 변경의 일부를 저장하지 않았습니다',
    remedy: '필드에 필요한 기능을 계정에 추가하거나, 이 필드를 Brevo 방향으로만 동기화하세요.',
  },
  webhook_unreadable: {
    cause: '해석할 수 없는 웹훅입니다',
    remedy: '레코드가 올바르면 제외하세요. 내용은 폴링으로 이미 읽었습니다.',
  },
}
