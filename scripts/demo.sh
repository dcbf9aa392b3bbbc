#!/usr/bin/env bash
# Plays csvand's main job end to end on loopback: a CSV becomes a model in service, an error becomes a post-mortem.
# Everything is started here, in a directory of its own, and ended here.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$PWD/.build/release
work=$(mktemp -d /tmp/csvand-demo.XXXXXX)
daemon= receiver=

cleanup() {
  status=$?
  for pid in $daemon $receiver; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done || true
  if [ "$status" -ne 0 ]; then
    echo "demo: failed with status $status; the daemon's log ends:" >&2
    tail -20 "$work/csvand.log" >&2 || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
act=0
title() { act=$((act + 1)); printf '\n%s── %d. %s ──%s\n' "$bold" "$act" "$*" "$plain"; }
# Shows a command as one would type it, then runs it.
play() { printf '%s$ %s%s\n' "$bold" "$(shown "$@")" "$plain"; "$@"; }
shown() {
  local word out=()
  for word in "$@"; do
    case $word in *[\ \'\"\<\>\;\(\)\*\?\&=]*) out+=("'$word'") ;; *) out+=("$word") ;; esac
  done
  local text="${out[*]}"
  text=${text//$url/http:\/\/127.0.0.1:8000}
  echo "$text"
}
csvctl() { "$bin/csvctl" "$@"; }
metric() { csvctl metrics | grep "type=\"$1\""; }
expect() { # expect WHAT ACTUAL WANTED
  [ "$2" = "$3" ] || { echo "demo: $1 is $2, but should be $3" >&2; exit 1; }
}
wait_for() { # wait_for SECONDS COMMAND...
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "demo: gave up waiting for: $*" >&2; exit 1; }
    sleep 0.05
  done
}

start_daemon() {
  "$bin/csvand" --config "$work/csvand.yaml" --state-dir "$work/state" --socket "$CSVAND_SOCKET" \
    --listen 127.0.0.1:0 >>"$work/csvand.log" 2>&1 &
  daemon=$!
  wait_for 20 csvctl status
  url=http://$(csvctl status --output json | jq -r .listen)
}

export CSVAND_SOCKET=$work/csvand.sock
url=-

python3 scripts/discord-receiver.py "$work/discord.jsonl" >"$work/port" &
receiver=$!
wait_for 10 test -s "$work/port"
touch "$work/discord.jsonl"
echo "http://127.0.0.1:$(cat "$work/port")/api/webhooks/1/demo" >"$work/webhook"
cat >"$work/csvand.yaml" <<YAML
alerting:
  rules: $PWD/etc/alerts.yaml
  discord:
    webhook_url_file: $work/webhook
    allow_insecure_loopback: true
YAML

title "Start: one daemon, one SQLite database"
start_daemon
play csvctl status
expect "the number of error types at 0" "$(curl -s "$url/metrics" | grep -c '^app_errors_total{.*} 0$')" 12

title "Upload a real table: 32,561 people of the 1994 census"
play csvctl datasets import etc/samples/adult.csv --name adult
play csvctl datasets import etc/samples/education.csv

title "Look at it"
play csvctl datasets profile adult
play csvctl datasets rows adult --limit 3 --columns age,education,occupation,hours_per_week,income

title "Ask in SQL, with a join"
play csvctl sql "SELECT e.level, count(*) AS people, round(avg(a.hours_per_week), 1) AS hours,
       round(100.0 * avg(a.income = '>50K'), 1) AS percent_rich
  FROM adult a JOIN education e ON e.education = a.education
 GROUP BY e.level ORDER BY percent_rich DESC"

title "Train for 20 seconds"
play csvctl train adult income --budget 20 --name income
play csvctl models show income

title "Predict single rows, from raw strings"
play csvctl predict income --explain age=52 workclass=Self-emp-inc fnlwgt=287927 education=HS-grad education_num=9 \
  marital_status=Married-civ-spouse occupation=Exec-managerial relationship=Wife race=White sex=Female \
  capital_gain=15024 capital_loss=0 hours_per_week=40 native_country=United-States
play curl -s "$url/api/v1/models/income/predict" -H 'Content-Type: application/json' -d \
  '{"rows":[{"age":"19","workclass":"Private","fnlwgt":"301606","education":"11th","education_num":"7","marital_status":"Never-married","occupation":"Other-service","relationship":"Own-child","race":"Black","sex":"Male","capital_gain":"0","capital_loss":"0","hours_per_week":"35","native_country":null}]}'
echo

title "Something fails: three errors"
for _ in 1 2 3; do play curl -s -o /dev/null -w 'HTTP %{http_code}\n' "$url/simulate-error/"; done
wait_for 5 test -s "$work/discord.jsonl"
printf '%s\n' "${bold}\$ csvctl metrics | grep simulated$plain"; metric simulated

title "A rule has fired, once; Discord was told, once"
play csvctl alerts
jq -r '"\(.method) \(.path)", "  \(.body.embeds[0].title)", "  \(.body.embeds[0].description)", (.body.embeds[0].fields[] | "  \(.name): \(.value)")' "$work/discord.jsonl" | head -16
expect "the number of messages" "$(jq -s 'map(select(.method == "POST")) | length' "$work/discord.jsonl")" 1

title "Investigate"
play csvctl incidents
play csvctl incidents show 1

title "Acknowledge, resolve, write up"
play csvctl incidents ack 1 --comment "looking into it"
play csvctl resolve 1 --cause "Three errors were simulated for the demo." --impact "None: no user request failed." \
  --action "Looked at the evidence and closed the incident." --prevention "Nothing to prevent."
wait_for 5 sh -c "grep -q RESOLVED '$work/discord.jsonl'"
echo "Discord's message now: $(tail -1 "$work/discord.jsonl" | jq -r '"\(.method) \(.body.embeds[0].title)"')"
play csvctl incidents postmortem 1

title "Restart: everything is still there"
kill "$daemon"; wait "$daemon"; daemon=
start_daemon
expect "the counter after the restart" "$(curl -s "$url/metrics" | grep 'app_errors_total{type="simulated"}')" \
  'app_errors_total{type="simulated"} 3'
expect "the number of datasets" "$(csvctl datasets --output json | jq '.items | length')" 2
expect "the number of models" "$(csvctl models --output json | jq '.items | length')" 1
expect "the incident's state" "$(csvctl incidents show 1 --output json | jq -r .state)" resolved
printf '%s\n' "${bold}\$ csvctl metrics | grep simulated$plain"; metric simulated
play csvctl datasets
play csvctl models
play csvctl incidents

title "Stop"
kill "$daemon"; wait "$daemon"; daemon=
echo "csvand has stopped with status 0. All of it ran on loopback, from one SQLite database and its column files."
