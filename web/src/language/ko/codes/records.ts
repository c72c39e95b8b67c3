/** 레코드, 리포트, 스킬, 웹훅에서 생기는 문제와 경고. */
import type { CodeWords } from '../../use-code-words.ts'

export const records: Readonly<Record<string, CodeWords>> = {
  record_unreadable: {
    cause: 'Pipedrive 레코드를 읽을 수 없습니다.',
    remedy: 'Pipedrive에서 레코드를 열어 아래에 나온 필드를 수정하세요.',
  },
  address_held: {
    cause: '이 이메일의 연락처가 아직 다른 Person의 것입니다.',
    remedy: '먼저 그 Person의 실패 원인을 해결하세요.',
  },
  address_in_doubt: {
    cause: '연락처를 위해 새로 만든 Person일 수 있지만, Pipedrive의 확인을 아직 받지 못했습니다.',
    remedy: '조치가 필요하지 않습니다. 다음 동기화에서 다시 확인합니다.',
  },
  person_unknown: {
    cause: '읽어 온 데이터에 해당하는 Person이 없습니다.',
    remedy: 'ID나 이메일을 확인하거나 먼저 동기화하세요.',
  },
  record_unknown: {
    cause: '읽어 온 데이터에 해당하는 Person이나 거래가 없습니다.',
    remedy: 'ID를 확인하거나 먼저 동기화하세요.',
  },
  duplicate_unknown: {
    cause: '지정한 Person에는 중복이 없습니다.',
    remedy: '중복 후보 목록에서 다시 고르세요.',
  },
  merge_impossible: {
    cause: '요청한 병합이 서로 충돌합니다.',
    remedy: '계획에 나온 병합을 그대로 사용하세요.',
  },
  email_invalid: {
    cause: '이메일 형식이 아닙니다.',
    remedy: 'ada@example.com과 같은 형식으로 이메일 하나를 입력하세요.',
  },
  no_email: {
    cause: 'Person에 이메일이 없습니다.',
    remedy: 'Pipedrive에서 이메일을 추가하세요.',
  },
  invalid_email: {
    cause: '기본 이메일의 형식이 잘못되었습니다.',
    remedy: 'Pipedrive에서 이메일을 수정하세요.',
  },
  same_email: {
    cause: '같은 이메일을 쓰는 다른 Person이 연락처의 기준입니다.',
    remedy: '중복이라면 Pipedrive에서 병합하세요.',
  },
  erased: {
    cause: '삭제 요청에 따라 지운 Person입니다.',
    remedy: '다시 동기화하려면 먼저 삭제를 해제해야 합니다.',
  },
  deleted_in_brevo: {
    cause: 'Brevo에서 연락처가 삭제되었습니다.',
    remedy: '할 일은 없습니다. Person이 바뀌면 다시 보냅니다.',
  },
  discarded: {
    cause: '실패 항목에서 제외한 Person입니다.',
    remedy: '다시 보내려면 실패 항목에서 다시 시도하세요.',
  },
  invalid_phone: {
    cause: '전화번호가 유효하지 않거나 국가 번호가 없어, 번호 없이 보냈습니다.',
    remedy: 'Pipedrive에서 번호를 수정하거나, 설정에서 default_country를 지정하세요.',
  },
  sms_taken: {
    cause: '다른 연락처가 같은 전화번호를 사용해, 번호 없이 보냈습니다.',
    remedy: '두 Person의 전화번호를 확인하세요.',
  },
  type_mismatch: {
    cause: '값이 속성 유형에 맞지 않아, 이 값 없이 보냈습니다.',
    remedy: 'Pipedrive의 값이나 Brevo의 속성 유형을 수정하세요.',
  },
  currency_skipped: {
    cause: '환율이 없는 통화의 성사 거래를 매출 합계에서 뺐습니다.',
    remedy: '설정의 exchange_rates에 환율을 추가하세요.',
  },
  report_unknown: {
    cause: '리포트에서 물은 파이프라인, 담당자 또는 필드가 없습니다.',
    remedy: '이름을 확인하세요. 비슷한 이름이 아래에 나옵니다.',
  },
  report_invalid: {
    cause: '리포트 조건이 올바르지 않습니다.',
    remedy:
      '날짜와 기간을 확인하거나, 이름이 같은 항목은 ID로 지정하세요. 저장되지 않는 딜 필드는 events.deal_fields에 추가하세요.',
  },
  report_too_early: {
    cause: '아직 동기화한 데이터가 없습니다.',
    remedy: '먼저 동기화하세요.',
  },
  history_too_early: {
    cause: '첫 전체 동기화가 아직 끝나지 않았습니다.',
    remedy: '동기화가 끝난 뒤에 이력을 읽으세요.',
  },
  skill_name_invalid: {
    cause: '스킬 이름이 올바르지 않습니다.',
    remedy: '스킬 목록에 있는 이름을 사용하세요.',
  },
  skill_unknown: {
    cause: '그런 이름의 스킬이 없습니다.',
    remedy: '스킬 목록에 있는 이름을 사용하세요.',
  },
  skill_not_runnable: {
    cause: '이 스킬은 직접 실행할 수 없습니다.',
    remedy: '꺼져 있거나 잘못된 곳이 있는지 확인하세요. 이벤트로만 실행되는 스킬일 수도 있습니다.',
  },
  skill_looping: {
    cause: '스킬이 스스로를 다시 실행해 중단했습니다.',
    remedy: '반복을 일으키는 부분을 빼고 다시 시도하세요.',
  },
  skill_value_missing: {
    cause: '스킬의 작업에 필요한 값이 없습니다.',
    remedy: '원본 레코드에 값을 채우거나, 작업에 값을 지정하세요.',
  },
  skill_value_invalid: {
    cause: '스킬 템플릿의 값이 작업에 맞지 않습니다.',
    remedy: '원본 레코드나 스킬을 수정하세요.',
  },
  skills_unreadable: {
    cause: '스킬 폴더를 읽을 수 없습니다.',
    remedy: '폴더의 읽기 권한과 skills_directory를 확인하세요.',
  },
  webhook_unreadable: {
    cause: '해석할 수 없는 웹훅입니다.',
    remedy: '레코드가 올바르면 제외하세요. 내용은 폴링으로 이미 읽었습니다.',
  },
  webhook_no_public_url: {
    cause: '서비스가 이 서버에 연결할 공개 주소가 없습니다.',
    remedy: 'server.public_url을 설정하거나 sync_mode: batch를 사용하세요.',
  },
  webhook_url_insecure: {
    cause: '공개 주소가 https가 아니거나, 비밀번호나 쿼리가 들어 있습니다.',
    remedy: 'server.public_url을 https 주소로 수정하세요.',
  },
  webhook_limit: {
    cause: '계정에 등록할 수 있는 웹훅 수를 모두 사용했습니다.',
    remedy: '필요 없는 웹훅을 삭제하세요.',
  },
  webhook_room_low: {
    cause: '등록할 수 있는 웹훅 수가 모자랍니다.',
    remedy: '필요 없는 웹훅을 삭제하거나 다른 사용자의 토큰을 사용하세요.',
  },
  webhook_forbidden: {
    cause: '토큰이나 키에 웹훅을 관리할 권한이 없습니다.',
    remedy: '관리자의 토큰을 사용하거나, 키에 권한을 주세요.',
  },
  webhook_url_refused: {
    cause: '서비스가 이 서버의 공개 주소에 연결하지 못했습니다.',
    remedy: '서버가 실행 중인지, 인증서가 유효하고 리디렉션이 없는 https 주소인지 확인하세요.',
  },
  webhook_unauthorized: {
    cause: '웹훅의 자격 증명이 Tajo가 등록한 것과 다릅니다.',
    remedy: '직접 보낸 웹훅이라면 웹훅을 다시 등록하세요.',
  },
  webhook_not_json: {
    cause: '웹훅의 본문이 JSON이 아닙니다.',
    remedy: '무엇이 보냈는지 확인하세요.',
  },
  webhook_too_large: {
    cause: '웹훅의 본문이 1 MiB를 넘습니다.',
    remedy: '무엇이 보냈는지 확인하세요.',
  },
  webhook_not_stored: {
    cause: '지금은 웹훅을 저장할 수 없습니다.',
    remedy: '서비스가 다시 보냅니다. 계속되면 로그와 디스크를 확인하세요.',
  },
  webhook_not_understood: {
    cause: '전달된 웹훅을 이해할 수 없습니다.',
    remedy: '받은 본문을 그대로 전달하세요.',
  },
}
