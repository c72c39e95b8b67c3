/** 설정, 연결, 저장소, 서버와 로그인에서 생기는 문제. */
import type { CodeWords } from '../../use-code-words.ts'

export const installation: Readonly<Record<string, CodeWords>> = {
  config_invalid: {
    cause: '설정 파일이나 환경 변수에 잘못된 곳이 있습니다.',
    remedy: '아래에 나온 곳을 수정하세요.',
  },
  config_missing: { cause: '설정 파일이 없습니다.', remedy: '파일의 위치를 확인하거나 새로 만드세요.' },
  config_disabled: {
    cause: '설정에서 Pipedrive 연결이 꺼져 있습니다.',
    remedy: 'connectors.pipedrive.enabled를 true로 바꾸세요.',
  },
  config_not_connected: {
    cause: '토큰이나 키가 설정되어 있지 않습니다.',
    remedy: '두 계정을 연결하세요.',
  },
  settings_unfit: {
    cause: '설정이 계정의 실제 필드나 리스트와 맞지 않습니다.',
    remedy: '아래에 나온 항목을 수정하세요. 아직 아무것도 쓰지 않았습니다.',
  },
  settings_not_editable: {
    cause: '이 설정은 여기서 바꿀 수 없습니다.',
    remedy: '설정 파일에서 직접 바꾸세요.',
  },
  settings_changed: {
    cause: '그사이 다른 사람이 설정을 바꿨습니다.',
    remedy: '설정을 다시 불러온 뒤 변경하세요. 아무것도 저장하지 않았습니다.',
  },
  settings_nothing_to_undo: {
    cause: '되돌릴 저장이 없습니다.',
    remedy: '원하는 값으로 바꾼 뒤 다시 저장하세요.',
  },
  config_unwritable: {
    cause: '설정 파일에 쓸 수 없습니다.',
    remedy: '서버를 실행하는 사용자가 파일과 폴더에 쓸 수 있는지 확인하세요. 바뀐 것은 없습니다.',
  },
  config_half_written: {
    cause: '설정 파일이 일부만 쓰였고, 이전 내용으로 되돌리지 못했습니다.',
    remedy: '서버를 다시 시작하기 전에 설정 파일을 직접 바로잡으세요.',
  },
  connection_held: {
    cause: '이 연결은 설정 중이거나 일시 중지되어 있습니다.',
    remedy: '개요에서 다시 시작하거나 남은 설정을 마치세요.',
  },
  attribute_exists: {
    cause: 'Brevo에 이미 있는 속성입니다.',
    remedy: '그 속성을 사용하거나 다른 이름을 쓰세요.',
  },
  attribute_name_invalid: {
    cause: 'Brevo 속성 이름으로 쓸 수 없습니다.',
    remedy: '영문자, 숫자, 밑줄로 된 이름을 쓰세요.',
  },
  list_exists: {
    cause: '같은 이름의 리스트가 이미 있습니다.',
    remedy: '그 리스트를 사용하거나 다른 이름을 쓰세요.',
  },
  secret_unreadable: {
    cause: '저장된 자격 증명을 복호화할 수 없습니다.',
    remedy: 'TAJO_SECRET_KEY나 secret.key를 되돌리거나, 계정을 다시 연결하세요.',
  },
  secret_no_new_key: {
    cause: 'TAJO_SECRET_KEY가 바뀌지 않았습니다.',
    remedy: '새 키로 시작하고, 이전 키는 TAJO_SECRET_KEY_PREVIOUS에 두세요.',
  },
  secret_rotation_running: {
    cause: '다른 키 교체가 진행 중입니다.',
    remedy: '잠시 후 다시 시도하세요.',
  },
  connection_busy: {
    cause: '이 연결에서 다른 동기화가 진행 중입니다.',
    remedy: '끝난 뒤 다시 시도하세요.',
  },
  connection_paused: {
    cause: '동기화가 일시 중지되었습니다.',
    remedy: '아래의 이유를 확인하세요. 정해진 시각이 되거나 원인을 해결하면 이어서 진행합니다.',
  },
  connection_unknown: { cause: '그런 이름의 연결이 없습니다.', remedy: '연결 이름을 확인하세요.' },
  connection_unnamed: {
    cause: '연결이 여러 개인데 어느 것인지 지정하지 않았습니다.',
    remedy: '연결 이름을 지정하세요.',
  },
  connection_name_invalid: {
    cause: '연결 이름에 쓸 수 없는 문자가 있습니다.',
    remedy: '영문 소문자, 숫자, 하이픈만 사용하세요.',
  },
  connection_exists: { cause: '같은 이름의 연결이 이미 있습니다.', remedy: '다른 이름을 사용하세요.' },
  connection_in_file: {
    cause: '이 연결은 설정 파일에 있습니다.',
    remedy: 'tajo.yaml에서 직접 빼세요.',
  },
  connection_not_live: {
    cause: '서버가 이 연결을 돌보고 있지 않습니다.',
    remedy: '두 계정이 연결되어 있는지 확인하세요.',
  },
  oauth_app_missing: {
    cause: '앱의 Client ID와 Client secret이 설정되어 있지 않습니다.',
    remedy: 'PIPEDRIVE_CLIENT_ID와 PIPEDRIVE_CLIENT_SECRET을 설정하세요.',
  },
  oauth_app_changed: {
    cause: '계정이 지금 설정된 것과 다른 앱으로 연결되어 있습니다.',
    remedy: 'Client ID를 되돌리거나 다시 연결하세요.',
  },
  oauth_no_callback: {
    cause: '브라우저가 돌아올 주소가 없습니다.',
    remedy: 'server.public_url을 설정하거나, 서버가 있는 컴퓨터에서 연결하세요.',
  },
  oauth_ticket_invalid: {
    cause: '연결 주소가 이미 사용되었거나 10분이 지났습니다.',
    remedy: '연결을 다시 시작하세요.',
  },
  oauth_state_unknown: {
    cause: '승인 응답이 이미 사용되었거나 알 수 없는 것입니다.',
    remedy: '연결을 다시 시작하세요.',
  },
  oauth_state_expired: {
    cause: '승인에 10분이 넘게 걸렸습니다.',
    remedy: '연결을 다시 시작하세요.',
  },
  oauth_state_foreign: {
    cause: '연결을 시작한 브라우저와 다른 브라우저에서 승인했습니다.',
    remedy: '연결을 시작한 브라우저에서 승인하세요.',
  },
  oauth_denied: { cause: '승인이 거부되었습니다.', remedy: '연결을 다시 시작하세요.' },
  oauth_wrong_company: {
    cause: '다른 회사의 Pipedrive 계정으로 승인했습니다.',
    remedy: '올바른 회사로 로그인하거나 company_domain을 수정하세요.',
  },
  oauth_answer_invalid: {
    cause: 'Pipedrive가 사용할 수 있는 회사 주소를 알려 주지 않았습니다.',
    remedy: 'company_domain을 설정하세요.',
  },
  oauth_not_connected: {
    cause: '연결이 끝나지 않았습니다.',
    remedy: '아래의 이유를 확인하고 다시 시작하세요.',
  },
  oauth_notice_refused: {
    cause: '앱 제거 알림의 자격 증명이 앱의 것과 다릅니다.',
    remedy: '할 일은 없습니다. Pipedrive가 보낸 것이 아닙니다.',
  },
  oauth_notice_invalid: { cause: '앱 제거 알림의 형식이 잘못되었습니다.', remedy: '할 일은 없습니다.' },
  store_locked: {
    cause: '다른 Tajo가 데이터 폴더를 사용하고 있습니다.',
    remedy: '끝날 때까지 기다리거나 다른 폴더를 사용하세요.',
  },
  store_corrupt: {
    cause: '데이터 폴더의 데이터베이스를 열 수 없습니다.',
    remedy: '백업을 복원하거나 폴더를 다른 곳으로 옮기세요. 아무것도 지우지 않았습니다.',
  },
  store_incompatible: {
    cause: '데이터베이스의 버전이 맞지 않습니다.',
    remedy: '운영 문서를 참고하거나 더 새로운 서버를 사용하세요.',
  },
  store_newer: {
    cause: '더 새로운 Tajo가 사용한 데이터베이스입니다.',
    remedy: '그 버전의 Tajo를 사용하세요.',
  },
  store_not_durable: {
    cause: '데이터가 디스크에 확실히 저장되지 않습니다.',
    remedy: '정해진 버전의 PGlite를 설치하거나 PostgreSQL 서버를 사용하세요.',
  },
  store_disk_full: {
    cause: '디스크에 남은 공간이 없습니다.',
    remedy: '공간을 확보하세요. 이미 저장한 내용은 그대로 있습니다.',
  },
  store_unreachable: {
    cause: '데이터베이스 서버에 연결할 수 없습니다.',
    remedy: '서버와 DATABASE_URL을 확인하세요.',
  },
  store_failed: {
    cause: '데이터베이스가 중단되었거나 폴더를 사용할 수 없습니다.',
    remedy: '권한과 디스크를 확인하세요. 다음에 사용할 때 다시 엽니다.',
  },
  store_not_empty: {
    cause: '가져올 저장소가 비어 있지 않습니다.',
    remedy: '빈 저장소로 가져오세요.',
  },
  port_in_use: {
    cause: '다른 프로그램이 포트를 사용하고 있습니다.',
    remedy: '그 프로그램을 멈추거나 다른 포트를 고르세요.',
  },
  address_unusable: {
    cause: '이 컴퓨터에서 사용할 수 없는 주소입니다.',
    remedy: '1024 이상의 포트와 이 컴퓨터의 주소를 고르세요.',
  },
  route_not_found: {
    cause: '서버에 그런 기능이 없습니다.',
    remedy: '페이지를 새로고침하세요. 서버의 버전이 다를 수 있습니다.',
  },
  method_not_allowed: {
    cause: '서버가 이 요청 방식을 받지 않습니다.',
    remedy: '페이지를 새로고침하세요. 서버의 버전이 다를 수 있습니다.',
  },
  host_refused: {
    cause: '서버가 모르는 이름으로 접속했습니다.',
    remedy: 'localhost로 접속하거나 server.public_url을 설정하세요.',
  },
  request_failed: {
    cause: '서버에서 예상하지 못한 문제가 발생했습니다.',
    remedy: '다시 시도하세요. 계속되면 서버 로그를 확인하고 알려 주세요.',
  },
  request_invalid: {
    cause: '입력한 값 가운데 빠졌거나 잘못된 것이 있습니다.',
    remedy: '아래에 나온 값을 확인하세요.',
  },
  request_unknown: {
    cause: '서버가 이 요청을 알지 못합니다.',
    remedy: '서버를 같은 버전으로 다시 시작하세요.',
  },
  server_gone: {
    cause: '서버가 응답하기 전에 종료되었습니다.',
    remedy: '이미 처리한 내용은 그대로 있습니다. 다시 시도하세요.',
  },
  server_crowded: {
    cause: '한꺼번에 들어온 요청이 너무 많습니다.',
    remedy: '잠시 후 다시 시도하세요.',
  },
  body_not_json: { cause: '요청 본문이 JSON이 아닙니다.', remedy: '페이지를 새로고침하세요.' },
  body_too_large: { cause: '요청이 너무 큽니다.', remedy: '한 번에 적게 요청하세요.' },
  content_type_wrong: { cause: '요청의 형식이 잘못되었습니다.', remedy: '페이지를 새로고침하세요.' },
  origin_refused: {
    cause: '다른 사이트의 페이지에서 온 요청이라 거부했습니다.',
    remedy: '프록시를 사용한다면 server.public_url을 설정하세요.',
  },
  origin_unproven: {
    cause: '이 서버의 페이지에서 온 요청인지 확인할 수 없습니다.',
    remedy: '페이지를 새로고침하세요.',
  },
  attempts_exceeded: {
    cause: '잘못된 키로 너무 여러 번 시도했습니다.',
    remedy: '잠시 기다린 뒤 다시 시도하고, 예전 키를 쓰는 프로그램이 있는지 확인하세요.',
  },
  session_ended: { cause: '로그인이 끝났습니다.', remedy: '다시 로그인하세요.' },
  key_missing: { cause: '키를 보내지 않았습니다.', remedy: '다시 로그인하세요.' },
  key_wrong: { cause: '이 서버의 키가 아닙니다.', remedy: '키를 확인하세요.' },
  key_expired: { cause: '만료된 키입니다.', remedy: '새 키를 만드세요.' },
  key_revoked: { cause: '폐기된 키입니다.', remedy: '새 키를 만드세요.' },
  key_scope_missing: {
    cause: '이 키로는 할 수 없는 작업입니다.',
    remedy: '권한이 더 많은 키로 로그인하세요.',
  },
  key_connection_other: {
    cause: '이 키는 다른 연결의 키입니다.',
    remedy: '이 연결의 키로 로그인하세요.',
  },
  key_invalid: {
    cause: '키의 이름이나 만료일을 사용할 수 없습니다.',
    remedy: '아래의 설명을 확인하세요.',
  },
  key_name_taken: {
    cause: '같은 이름의 키가 이미 있습니다.',
    remedy: '다른 이름을 쓰거나 그 키를 폐기하세요.',
  },
  key_unknown: { cause: '그런 키가 없습니다.', remedy: '키 목록을 확인하세요.' },
}
