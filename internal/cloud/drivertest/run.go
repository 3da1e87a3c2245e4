package drivertest

import (
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// requirement is a behaviour of every cloud that users rely on.
type requirement struct {
	name string
	// latency is the duration of slow work.
	latency time.Duration
	// when reports whether the requirement applies to a cloud. If not, there is no subtest.
	when condition
	test func(e *env)
}

// slow is a latency that no test waits for.
const slow = 24 * time.Hour

func requirements() []requirement {
	return []requirement{
		{"descriptor is complete", 0, always, descriptorIsComplete},
		{"endpoints are checked", 0, always, endpointsAreChecked},

		{"create, wait and read agree", 0, always, createWaitRead},
		{"slow work is creating, then ready", slow, waits, slowWork},
		{"listed newest first", 0, keepsSeveral, listedNewestFirst},
		{"filters narrow", 0, always, filtersNarrow},
		{"listings send nothing before the loop", 0, always, listingsWait},
		{"pages are lazy", 0, fillsPages, pagesAreLazy},
		{"walk of all sources is bounded", 0, walksSources, walkIsBounded},
		{"snapshot reads share", 0, keepsSeveral, snapshotReadsShare},
		{"source reads share", 0, checksSources, sourceReadsShare},
		{"deleted is gone", 0, always, deletedIsGone},
		{"absent is not found", 0, always, absentIsNotFound},
		{"edited in place", 0, always, editedInPlace},
		{"names are checked as the cloud does", 0, always, namesAreChecked},
		{"descriptions are checked as the cloud does", 0, always, descriptionsAreChecked},

		{"reports what its table has", 0, always, attributesAgree},

		{"sources are listed", 0, has(driver.CapabilitySnapshotSources), sourcesAreListed},
		{"unknown source", 0, always, unknownSource},
		{"full source", 0, limitsSources, fullSource},
		{"occupied slot", 0, keepsOne, occupiedSlot},
		{"wrong credentials", 0, always, wrongCredentials},
		{"refusals are not absence", 0, always, refusalsAreNotAbsence},
		{"first request fails", 0, always, firstRequestFails},
		{"errors carry the request ID", 0, identifiesRequests, errorsCarryRequestID},

		{"answers are observed", 0, always, answersAreObserved},
		{"lost create is adopted", 0, always, lostCreateIsAdopted},
		{"lost create beside an older snapshot", 0, always, lostCreateBesideOlder},
		{"failed create is sent once", 0, always, failedCreateIsSentOnce},
		{"odd answers decide nothing", 0, always, emptyResponsesDecideNothing},
		{"limited create is sent again", 0, always, limitedCreateIsSentAgain},
		{"a rate limit pauses the client", 0, always, rateLimitPausesClient},
		{"reads and deletes are repeated", 0, always, readsAndDeletesAreRepeated},

		{"cancel ends a wait", slow, waits, cancelEndsWait},
		{"cancel ends a read", 0, always, cancelEndsRead},
		{"cancel keeps a create that is under way", 0, always, cancelKeepsCreate},
		{"deadline ends a wait", slow, waits, deadlineEndsWait},
		{"wait survives failures that pass", slow, waits, waitSurvivesFailures},
		{"one at a time per source", 0, always, oneAtATime},
		{"sources do not wait for each other", 0, always, sourcesAreIndependent},

		{"restored", 0, has(driver.CapabilitySnapshotRestore), restored},
		{"restore refuses", 0, has(driver.CapabilitySnapshotRestore), restoreRefuses},
		{"restore in the middle", 0, restoresSeveral, restoreInTheMiddle},
		{"lost restore is sent once", 0, has(driver.CapabilitySnapshotRestore), lostRestoreIsSentOnce},
		{"restore waits for other work", slow, has(driver.CapabilitySnapshotRestore), restoreWaits},
		{"wait for a restore ends", slow, has(driver.CapabilitySnapshotRestore), restoreEnds},
		{"failed restore", slow, has(driver.CapabilitySnapshotRestore), failedRestore},

		{"image create, wait and read agree", 0, has(driver.CapabilityCustomImage), imageCreateWaitRead},
		{"image edited and deleted", 0, has(driver.CapabilityCustomImage), imageEditedAndDeleted},
		{"images are listed", 0, has(driver.CapabilityCustomImage, driver.CapabilityImages), imagesAreListed},
		{"image reads share", 0, has(driver.CapabilityCustomImage, driver.CapabilityImages), imageReadsShare},
		{"slow image", slow, has(driver.CapabilityCustomImage), slowImage},
		{"lost image is adopted", 0, has(driver.CapabilityCustomImage, driver.CapabilityImages), lostImageIsAdopted},
		{"failed image is sent once", 0, has(driver.CapabilityCustomImage), failedImageIsSentOnce},
		{"image stats add up", 0, has(driver.CapabilityImageStats), imageStatsAddUp},
		{"promoted", 0, has(driver.CapabilitySnapshotTemplate), promoted},
		{"volume create and read agree", 0, has(driver.CapabilitySnapshotVolume), volumeCreateRead},
		{"volume waits for its snapshot", slow, has(driver.CapabilitySnapshotVolume), volumeWaitsForSnapshot},
		{"volume of an absent snapshot", 0, has(driver.CapabilitySnapshotVolume), volumeOfAbsentSnapshot},
		{
			"volume names are checked as the cloud does", 0,
			has(driver.CapabilitySnapshotVolume), volumeNamesAreChecked,
		},
		{"volume refusals are not absence", 0, has(driver.CapabilitySnapshotVolume), volumeRefusalsAreNotAbsence},
		{"volume edited and deleted", 0, has(driver.CapabilitySnapshotVolume), volumeEditedAndDeleted},
		{"volume reads share", 0, has(driver.CapabilitySnapshotVolume), volumeReadsShare},
		{"volume deletion takes time", slow, has(driver.CapabilitySnapshotVolume), volumeDeletionTakesTime},
		{"lost volume is adopted", 0, has(driver.CapabilitySnapshotVolume), lostVolumeIsAdopted},
		{"failed volume is sent once", 0, has(driver.CapabilitySnapshotVolume), failedVolumeIsSentOnce},
		{"exported", 0, has(driver.CapabilitySnapshotExport), exported},
	}
}

// Run tests the requirements that apply to the driver's cloud. The driver must keep snapshots.
func Run(t *testing.T, h Harness) {
	t.Helper()
	p := newProbe(t, h)
	for _, r := range requirements() {
		if r.when(p) {
			t.Run(r.name, func(t *testing.T) { r.test(newEnv(t, h, r.latency)) })
		}
	}
}
