/** 두 서비스의 응답과 그에 대한 조치. */
import type { CodeWords } from '../../use-code-words.ts'

export const services: Readonly<Record<string, CodeWords>> = {
  pipedrive_unauthorized: {
    cause: 'Pipedrive API 토큰이 잘못되었거나 폐기되었습니다.',
    remedy: 'Pipedrive의 개인 설정 > API에서 토큰을 새로 만들어 다시 연결하세요.',
  },
  pipedrive_plan_lapsed: {
    cause: 'Pipedrive 요금제가 만료되었습니다.',
    remedy: 'Pipedrive에서 요금제를 갱신하세요.',
  },
  pipedrive_scope_missing: {
    cause: 'Pipedrive 앱에 필요한 권한 범위가 없습니다.',
    remedy: 'Developer Hub에서 앱에 권한 범위를 추가한 뒤 다시 연결하세요.',
  },
  pipedrive_grant_refused: {
    cause: 'Pipedrive 연결 승인이 끝났습니다.',
    remedy: '승인이 철회되었거나 오래 사용하지 않은 상태입니다. Pipedrive를 다시 연결하세요.',
  },
  pipedrive_uninstalled: {
    cause: 'Pipedrive에서 앱이 제거되었습니다.',
    remedy: 'Pipedrive를 다시 연결하세요.',
  },
  pipedrive_app_refused: {
    cause: 'Pipedrive가 앱의 Client ID와 Client secret을 거부했습니다.',
    remedy: 'Developer Hub에서 두 값을 다시 복사하세요.',
  },
  pipedrive_redirect_refused: {
    cause: 'Callback URL이 Pipedrive 앱에 등록된 주소와 다릅니다.',
    remedy: '앱의 Callback URL과 server.public_url을 일치시키세요.',
  },
  pipedrive_code_refused: {
    cause: '승인 코드가 이미 사용되었거나 5분이 지났습니다.',
    remedy: '연결을 처음부터 다시 시작하세요.',
  },
  pipedrive_token_refused: {
    cause: 'Pipedrive가 토큰 발급을 거부했습니다.',
    remedy: '아래의 응답을 확인하고 다시 연결하세요.',
  },
  pipedrive_forbidden: {
    cause: '토큰 사용자에게 이 작업을 할 권한이 없습니다.',
    remedy: 'Pipedrive에서 사용자에게 권한을 준 뒤 다시 시도하세요.',
  },
  pipedrive_plan_limit: {
    cause: '현재 Pipedrive 요금제의 한도에 도달했습니다.',
    remedy: '사용하지 않는 항목을 지우거나 요금제를 올리세요.',
  },
  pipedrive_feature_missing: {
    cause: 'Pipedrive 계정에서 필요한 기능이 꺼져 있습니다.',
    remedy: '기능을 켜거나, 설정에서 이 기능을 사용하는 항목을 빼세요.',
  },
  pipedrive_blocked: {
    cause: '요청이 너무 많아 Pipedrive가 이 서버를 잠시 차단했습니다.',
    remedy:
      '같은 계정을 많이 사용하는 다른 프로그램이 있는지 확인하세요. 10분 뒤 자동으로 이어서 진행합니다.',
  },
  pipedrive_wrong_address: {
    cause: '설정한 주소에 Pipedrive API가 없습니다.',
    remedy: 'company_domain과 api_url을 확인하세요.',
  },
  pipedrive_address_invalid: {
    cause: 'Pipedrive API 주소의 형식이 잘못되었습니다.',
    remedy: 'api_url을 수정하세요.',
  },
  pipedrive_unreachable: {
    cause: 'Pipedrive에 연결할 수 없었습니다.',
    remedy: '네트워크와 주소를 확인한 뒤 다시 시도하세요.',
  },
  pipedrive_no_answer: {
    cause: 'Pipedrive의 응답이 오지 않았거나 중간에 끊겼습니다.',
    remedy: '할 일은 없습니다. 다음 동기화에서 다시 시도합니다.',
  },
  pipedrive_unavailable: {
    cause: 'Pipedrive에 장애가 있었습니다.',
    remedy: '할 일은 없습니다. 다음 동기화에서 다시 시도합니다.',
  },
  pipedrive_limited: {
    cause: '짧은 시간에 Pipedrive 요청이 너무 많았습니다.',
    remedy: '할 일은 없습니다. 계속되면 같은 토큰을 쓰는 다른 프로그램이 있는지 확인하세요.',
  },
  pipedrive_budget_spent: {
    cause: '오늘의 Pipedrive 토큰을 모두 사용했습니다.',
    remedy: '하루가 지나 갱신될 때까지 기다리거나, 토큰이나 사용자 수를 늘리세요.',
  },
  pipedrive_budget_reserved: {
    cause: '남은 Pipedrive 토큰은 실시간 변경을 위해 남겨 두었습니다.',
    remedy: '하루가 지나 갱신될 때까지 기다리거나, 토큰을 많이 쓰는 프로그램을 확인하세요.',
  },
  pipedrive_not_found: {
    cause: 'Pipedrive에 레코드가 없거나, 이 사용자가 볼 수 없는 레코드입니다.',
    remedy: '레코드가 있다면 토큰 사용자에게 볼 수 있는 권한을 주세요.',
  },
  pipedrive_gone: {
    cause: 'Pipedrive가 이 API를 더 이상 제공하지 않습니다.',
    remedy: '설정에서 api_version: v1을 빼세요.',
  },
  pipedrive_rejected: {
    cause: 'Pipedrive가 값을 거부했습니다.',
    remedy: 'Brevo에서 값을 수정하거나, 이 필드를 Brevo 방향으로만 동기화하세요.',
  },
  pipedrive_not_kept: {
    cause: 'Pipedrive가 변경의 일부를 저장하지 않았습니다.',
    remedy: '필드에 필요한 기능을 계정에 추가하거나, 이 필드를 Brevo 방향으로만 동기화하세요.',
  },
  pipedrive_answer_invalid: {
    cause: 'Pipedrive의 응답을 해석할 수 없습니다.',
    remedy: '중간에 프록시가 있는지 확인하세요.',
  },
  pipedrive_answer_too_large: {
    cause: 'Pipedrive의 응답이 너무 큽니다.',
    remedy: '지나치게 긴 필드의 내용을 줄이세요.',
  },
  pipedrive_record_unreadable: {
    cause: 'Pipedrive 레코드를 읽을 수 없습니다.',
    remedy: 'Pipedrive에서 레코드를 열어 아래에 나온 필드를 수정하세요.',
  },
  pipedrive_request_invalid: {
    cause: 'Pipedrive가 받아들이지 않을 요청이라 보내지 않았습니다.',
    remedy: '제품의 결함일 수 있습니다. 알려 주세요.',
  },
  pipedrive_unjudged: {
    cause: 'Pipedrive에서 알 수 없는 오류가 발생했습니다.',
    remedy: '아래의 응답과 함께 알려 주세요.',
  },
  brevo_unauthorized: {
    cause: 'Brevo API 키가 잘못되었거나 삭제되었습니다.',
    remedy: 'Brevo의 설정 > SMTP & API > API 키에서 새로 만들어 다시 연결하세요.',
  },
  brevo_app_refused: {
    cause: 'Brevo가 앱의 Client ID와 Client secret을 거부했습니다.',
    remedy: '두 값을 다시 복사하거나 API 키를 사용하세요.',
  },
  brevo_scope_refused: {
    cause: 'Brevo 앱에 설정에서 요구하는 권한 범위가 없습니다.',
    remedy: '앱에 권한 범위를 주거나, brevo.oauth.scope에서 빼세요.',
  },
  brevo_ip_refused: {
    cause: '이 서버의 IP 주소가 Brevo에 허용되어 있지 않습니다.',
    remedy: 'Brevo의 보안 > 승인된 IP에 주소를 추가하세요.',
  },
  brevo_plan_lapsed: {
    cause: '현재 Brevo 요금제로는 사용할 수 없습니다.',
    remedy: 'Brevo 요금제를 확인하세요.',
  },
  brevo_forbidden: {
    cause: 'Brevo 키나 계정에 이 작업을 할 권한이 없습니다.',
    remedy: 'Brevo에서 권한을 허용하세요.',
  },
  brevo_blocked: {
    cause: 'Brevo에 이르기 전에 이 서버의 요청이 차단되었습니다.',
    remedy: '방화벽이나 프록시를 확인하세요. 10분 뒤 자동으로 이어서 진행합니다.',
  },
  brevo_wrong_address: {
    cause: '설정한 주소에 Brevo API가 없습니다.',
    remedy: 'brevo.api_url을 확인하세요.',
  },
  brevo_address_invalid: {
    cause: 'Brevo API 주소의 형식이 잘못되었습니다.',
    remedy: 'brevo.api_url을 수정하세요.',
  },
  brevo_unreachable: {
    cause: 'Brevo에 연결할 수 없었습니다.',
    remedy: '네트워크와 주소를 확인한 뒤 다시 시도하세요.',
  },
  brevo_no_answer: {
    cause: 'Brevo의 응답이 오지 않았거나 중간에 끊겼습니다.',
    remedy: '할 일은 없습니다. 다음 동기화에서 결과를 확인합니다.',
  },
  brevo_unavailable: {
    cause: 'Brevo에 장애가 있었습니다.',
    remedy: '할 일은 없습니다. 다음 동기화에서 다시 시도합니다.',
  },
  brevo_busy: {
    cause: 'Brevo가 이 연락처를 처리하는 중이었습니다.',
    remedy: '할 일은 없습니다. 다음 동기화에서 다시 시도합니다.',
  },
  brevo_limited: {
    cause: 'Brevo 요청 제한을 모두 사용했습니다.',
    remedy: '제한이 갱신되면 다음 동기화에서 다시 시도합니다.',
  },
  brevo_not_found: {
    cause: 'Brevo에 연락처가 없습니다.',
    remedy: '할 일은 없습니다. Person이 바뀌면 다시 보냅니다.',
  },
  brevo_rejected: {
    cause: 'Brevo가 값을 거부했습니다.',
    remedy: 'Brevo가 지적한 값을 Pipedrive에서 수정하면 자동으로 다시 보냅니다.',
  },
  brevo_not_kept: {
    cause: 'Brevo가 연락처의 일부를 저장하지 않았습니다.',
    remedy: 'Brevo의 속성 유형과 Pipedrive의 값을 비교하거나, 매핑에서 이 속성을 빼세요.',
  },
  brevo_not_there: {
    cause: 'Brevo가 연락처를 받았지만 저장되어 있지 않습니다.',
    remedy: '다음 동기화에서 다시 시도합니다. 계속되면 Brevo가 이 이메일을 거부하는지 확인하세요.',
  },
  brevo_import_slow: {
    cause: 'Brevo의 가져오기가 20분이 지나도 끝나지 않았습니다.',
    remedy: '나중에 다시 동기화하세요. 그때 결과를 확인합니다.',
  },
  brevo_answer_invalid: {
    cause: 'Brevo의 응답을 해석할 수 없습니다.',
    remedy: '중간에 프록시가 있는지 확인하세요.',
  },
  brevo_answer_too_large: {
    cause: 'Brevo의 응답이 너무 큽니다.',
    remedy: '제품의 결함일 수 있습니다. 알려 주세요.',
  },
  brevo_record_unreadable: {
    cause: 'Brevo 레코드를 읽을 수 없습니다.',
    remedy: '아래의 내용과 함께 알려 주세요.',
  },
  brevo_request_invalid: {
    cause: 'Brevo가 받아들이지 않거나 수신 거부를 해제할 요청이라 보내지 않았습니다.',
    remedy: '제품의 결함일 수 있습니다. 알려 주세요.',
  },
  brevo_unjudged: {
    cause: 'Brevo에서 알 수 없는 오류가 발생했습니다.',
    remedy: '아래의 응답과 함께 알려 주세요.',
  },
}
