#include "tests/client/spool_fixture.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {
namespace {

int Fail(int error) {
  errno = error;
  return -1;
}

}  // namespace

bool BadDisk::Change() {
  if (!dead() && changes_until_death != kNever) --changes_until_death;
  return !dead();
}

int BadDisk::Open(const std::string& path, int flags) {
  if (fails_open) return Fail(EMFILE);
  if ((flags & O_CREAT) != 0 && !Change()) return Fail(EIO);
  if ((flags & O_TRUNC) != 0 && dead()) return Fail(EIO);
  return SpoolDisk::Open(path, flags);
}

ssize_t BadDisk::Read(int fd, char* out, size_t size, int64_t position) {
  const ssize_t got = SpoolDisk::Read(fd, out, size, position);
  if (got > 0) bytes_read += got;
  return got;
}

ssize_t BadDisk::Write(int fd, const iovec* pieces, int count,
                       int64_t position) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes.append(static_cast<const char*>(pieces[i].iov_base),
                 pieces[i].iov_len);
  }
  if (dead()) return Fail(EIO);
  if (bytes_until_full == 0) return Fail(ENOSPC);
  const int64_t size = std::min({static_cast<int64_t>(bytes.size()),
                                 changes_until_death, bytes_until_full});
  const iovec part{bytes.data(), static_cast<size_t>(size)};
  const ssize_t wrote = SpoolDisk::Write(fd, &part, 1, position);
  if (wrote > 0 && changes_until_death != kNever) changes_until_death -= wrote;
  if (wrote > 0 && bytes_until_full != kNever) bytes_until_full -= wrote;
  return wrote;
}

int BadDisk::Truncate(int fd, int64_t size) {
  if (fails_truncate || !Change()) return Fail(EIO);
  return SpoolDisk::Truncate(fd, size);
}

int BadDisk::Remove(const std::string& path) {
  if (fails_remove) return Fail(EACCES);
  if (!Change()) return Fail(EIO);
  return SpoolDisk::Remove(path);
}

int BadDisk::Rename(const std::string& from, const std::string& to) {
  if (fails_rename || !Change()) return Fail(EIO);
  return SpoolDisk::Rename(from, to);
}

Batch MakeBatch(uint64_t sequence, int64_t records, const std::string& text) {
  v1::LogBatch batch;
  for (int64_t i = 0; i < records; ++i) {
    batch.add_records()->mutable_body()->set_string_value(
        absl::StrCat(sequence, " ", text));
  }
  return {.sequence = sequence,
          .records = records,
          .payload = absl::Cord(batch.SerializeAsString())};
}

LossCounts::Unreported Lost(ProducerLoss reason, int64_t count) {
  LossCounts::Unreported lost;
  lost.counts[static_cast<size_t>(reason)] = count;
  return lost;
}

SpoolOptions SpoolFixture::options() {
  return {.folder = folder_.PathOf("spool")};
}

Spool& SpoolFixture::NextLife(uint64_t epoch) {
  return NextLife(epoch, options());
}

Spool& SpoolFixture::NextLife(uint64_t epoch, SpoolOptions options) {
  EndLife();
  auto spool = Spool::Open(std::move(options),
                           {epoch, absl::StrCat("resource of ", epoch)});
  EXPECT_TRUE(spool.ok()) << spool.status();
  spool_ = *std::move(spool);
  return *spool_;
}

std::vector<uint64_t> SpoolFixture::ReadAll(Spool* spool) {
  std::vector<uint64_t> sequences;
  while (true) {
    const auto next = spool->Next();
    if (absl::IsDataLoss(next.status())) continue;
    EXPECT_TRUE(next.ok()) << next.status();
    if (!next.ok() || !*next) return sequences;
    sequences.push_back((*next)->sequence);
  }
}

std::vector<std::string> SpoolFixture::Drain(Spool* spool) {
  std::vector<std::string> batches;
  for (int lives = 0; lives < 1000; ++lives) {
    const bool own = spool->at_own_life();
    const uint64_t epoch = spool->front_life().epoch;
    uint64_t last = 0;
    for (const uint64_t sequence : ReadAll(spool)) {
      EXPECT_GT(sequence, last);
      batches.push_back(absl::StrCat(epoch, ":", last = sequence));
    }
    EXPECT_TRUE(spool->Settle(last).ok());
    if (own) return batches;
  }
  ADD_FAILURE() << "the front stays";
  return batches;
}

std::vector<std::string> SpoolFixture::Files() const {
  std::vector<std::string> names;
  for (const auto& file :
       std::filesystem::directory_iterator(folder_.PathOf("spool"))) {
    std::string name = file.path().filename().string();
    if (absl::EndsWith(name, ".segment")) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

int64_t SpoolFixture::FileBytes() const {
  int64_t bytes = 0;
  for (const std::string& name : Files()) {
    bytes += static_cast<int64_t>(
        std::filesystem::file_size(folder_.PathOf("spool/" + name)));
  }
  return bytes;
}

}  // namespace logboom
