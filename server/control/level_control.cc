#include "server/control/level_control.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/named_thread.h"
#include "base/proto_time.h"
#include "server/control/logger_name.h"

namespace logboom {
namespace {

// A clock that was set is noticed after so long.
constexpr absl::Duration kLongestWait = absl::Minutes(1);

void Describe(const LevelRule& rule, absl::Time now, v1::LevelRule* out) {
  out->set_logger(rule.logger);
  out->set_service(rule.service);
  out->set_levelno(rule.levelno);
  if (rule.expires == absl::InfiniteFuture()) return;
  SetProtoTime(rule.expires, out->mutable_expires_at());
  SetProtoDuration(std::max(rule.expires - now, absl::ZeroDuration()),
                   out->mutable_expires_in());
}

void Describe(const ProducerId& producer,
              const ProducerDescription& description, v1::LevelProducer* out) {
  out->set_producer_id(producer.data(), producer.size());
  out->set_service(Utf8Text(description.service));
  out->set_instance(Utf8Text(description.instance));
  out->set_host(Utf8Text(description.host));
  out->set_pid(description.pid);
}

auto OrderOf(const v1::LevelProducer& producer) {
  return std::tie(producer.service(), producer.instance(), producer.host());
}

void SortProducers(v1::ListLevelsResponse* response) {
  auto* producers = response->mutable_producers();
  std::sort(producers->begin(), producers->end(),
            [](const v1::LevelProducer& a, const v1::LevelProducer& b) {
              if (OrderOf(a) != OrderOf(b)) return OrderOf(a) < OrderOf(b);
              return std::make_pair(a.pid(), a.producer_id()) <
                     std::make_pair(b.pid(), b.producer_id());
            });
}

}  // namespace

LevelControl::LevelControl(FileSystem* files, absl::string_view folder,
                           Clock clock)
    : clock_(std::move(clock)), file_(files, folder) {
  if (std::optional<LevelRules> stored = file_.Load()) {
    stored->Expire(clock_());
    rules_ = *std::move(stored);
    ever_set_ = true;
  }
  thread_ = NamedThread("levels", [this] { Run(); });
}

LevelControl::~LevelControl() { Stop(); }

void LevelControl::Stop() {
  {
    MutexLock lock(&mu_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  MutexLock lock(&stop_mu_);
  if (thread_.joinable()) thread_.join();
}

void LevelControl::ClockJumped() {
  MutexLock lock(&mu_);
  look_again_ = true;
  wake_.NotifyAll();
}

void LevelControl::Set(LevelRule rule, Done done) {
  Queue({.make = [rule = std::move(rule)](
                     LevelRules* rules) { return rules->Set(rule); },
         .done = std::move(done)});
}

void LevelControl::Reset(std::string logger, std::string service, Done done) {
  Queue(
      {.make = [logger = std::move(logger), service = std::move(service)](
                   LevelRules* rules) { return rules->Reset(logger, service); },
       .done = std::move(done)});
}

void LevelControl::Queue(Change change) {
  absl::Status refused;
  {
    MutexLock lock(&mu_);
    if (stopping_) {
      refused = absl::UnavailableError("the server is stopping");
    } else if (changes_.size() >= kMaxWaitingChanges) {
      refused = absl::ResourceExhaustedError(
          "too many changes of levels wait: try later");
    } else {
      changes_.push_back(std::move(change));
      wake_.NotifyAll();
      return;
    }
  }
  change.done(refused);
}

void LevelControl::Run() {
  std::deque<Change> changes;
  while (WaitForWork(&changes)) {
    ExpireRules();
    for (Change& change : changes) change.done(Make(&change));
    changes.clear();
  }
}

bool LevelControl::WaitForWork(std::deque<Change>* changes) {
  MutexLock lock(&mu_);
  while (changes_.empty() && !stopping_ && !look_again_) {
    const absl::Duration wait = rules_.next_expiry() - clock_();
    if (wait <= absl::ZeroDuration()) break;
    wake_.WaitUntil(&mu_, absl::Now() + std::min(wait, kLongestWait));
  }
  look_again_ = false;
  changes->swap(changes_);
  return !stopping_ || !changes->empty();
}

absl::Status LevelControl::Make(Change* change) {
  LevelRules changed = rules();
  if (absl::Status made = change->make(&changed); !made.ok()) return made;
  if (absl::Status stored = file_.Store(changed); !stored.ok()) {
    return absl::UnavailableError(
        absl::StrCat("the levels could not be stored: ", stored.message()));
  }
  Adopt(std::move(changed));
  return absl::OkStatus();
}

// A rule that stays in the file expires again when the server is started.
void LevelControl::ExpireRules() {
  LevelRules left = rules();
  if (!left.Expire(clock_())) return;
  Adopt(left);
  file_.Store(left).IgnoreError();
}

LevelRules LevelControl::rules() const {
  MutexLock lock(&mu_);
  return rules_;
}

void LevelControl::Adopt(LevelRules rules) {
  std::vector<Update> updates;
  {
    MutexLock lock(&mu_);
    rules_ = std::move(rules);
    ever_set_ = true;
    for (auto& [_, session] : sessions_) TellLocked(&session, &updates);
  }
  for (const auto& [link, update] : updates) link->SendLevels(update);
}

void LevelControl::TellLocked(Session* session, std::vector<Update>* updates) {
  std::vector<RuledLevel> levels =
      rules_.LevelsFor(session->description.service);
  if (levels == session->levels) return;
  SendLocked(session, std::move(levels), updates);
}

void LevelControl::SendLocked(Session* session, std::vector<RuledLevel> levels,
                              std::vector<Update>* updates) {
  session->levels = std::move(levels);
  session->version = ++last_version_;
  updates->emplace_back(
      session->link,
      MakeLevelUpdate(session->levels, session->version, clock_()));
}

void LevelControl::OnSessionOpened(std::shared_ptr<SessionLink> link,
                                   const ProducerId& producer,
                                   absl::string_view resource) {
  std::vector<Update> updates;
  Session session = {.link = link,
                     .producer = producer,
                     .description = DescribeProducer(resource)};
  {
    MutexLock lock(&mu_);
    if (ever_set_) {
      std::vector<RuledLevel> levels =
          rules_.LevelsFor(session.description.service);
      SendLocked(&session, std::move(levels), &updates);
    }
    sessions_[link.get()] = std::move(session);
  }
  for (const auto& [_, update] : updates) link->SendLevels(update);
}

void LevelControl::OnLevelsApplied(const SessionLink* link, uint64_t version) {
  MutexLock lock(&mu_);
  const auto found = sessions_.find(link);
  if (found != sessions_.end()) found->second.confirmed = version;
}

void LevelControl::OnSessionEnded(const SessionLink* link) {
  Session ended;  // goes without the lock
  MutexLock lock(&mu_);
  const auto found = sessions_.find(link);
  if (found == sessions_.end()) return;
  ended = std::move(found->second);
  sessions_.erase(found);
}

void LevelControl::OnAnonymousBegun() {
  MutexLock lock(&mu_);
  ++anonymous_;
}

void LevelControl::OnAnonymousEnded() {
  MutexLock lock(&mu_);
  --anonymous_;
}

v1::ListLevelsResponse LevelControl::List(absl::string_view service) const {
  v1::ListLevelsResponse response;
  MutexLock lock(&mu_);
  const absl::Time now = clock_();
  for (const auto& [_, rule] : rules_.by_key()) {
    Describe(rule, now, response.add_rules());
  }
  for (const auto& [_, session] : sessions_) {
    if (!service.empty() && session.description.service != service) continue;
    v1::LevelProducer& producer = *response.add_producers();
    Describe(session.producer, session.description, &producer);
    producer.set_levels(static_cast<uint32_t>(session.levels.size()));
    producer.set_confirmed(session.confirmed == session.version);
  }
  response.set_anonymous_streams(anonymous_);
  SortProducers(&response);
  return response;
}

}  // namespace logboom
