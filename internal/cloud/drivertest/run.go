package drivertest

import (
	"testing"
	"time"
)

// requirement is one behaviour that users rely on, at every cloud.
type requirement struct {
	name string
	// pace is how long slow work takes.
	pace time.Duration
	test func(e *env)
}

// slow is a pace that no test waits for.
const slow = 24 * time.Hour

func requirements() []requirement {
	return []requirement{
		{"descriptor is complete", 0, descriptorIsComplete},
		{"endpoints are checked", 0, endpointsAreChecked},

		{"create, wait and read agree", 0, createWaitRead},
		{"slow work is creating, then ready", slow, slowWork},
		{"listed newest first", 0, listedNewestFirst},
		{"filters narrow", 0, filtersNarrow},
		{"deleted is gone", 0, deletedIsGone},
		{"absent is not found", 0, absentIsNotFound},
		{"edited in place", 0, editedInPlace},
		{"names are checked as the cloud does", 0, namesAreChecked},
		{"descriptions are checked as the cloud does", 0, descriptionsAreChecked},

		{"reports what its traits say", 0, computedFieldsAgree},

		{"unknown source", 0, unknownSource},
		{"full source", 0, fullSource},
		{"occupied slot", 0, occupiedSlot},
		{"wrong credentials", 0, wrongCredentials},
		{"refusals are not absence", 0, refusalsAreNotAbsence},
		{"first request fails", 0, firstRequestFails},
		{"errors carry the request ID", 0, errorsCarryRequestID},

		{"lost create is adopted", 0, lostCreateIsAdopted},
		{"lost create beside an older snapshot", 0, lostCreateBesideOlder},
		{"failed create is sent once", 0, failedCreateIsSentOnce},
		{"odd answers decide nothing", 0, emptyResponsesDecideNothing},
		{"limited create is sent again", 0, limitedCreateIsSentAgain},
		{"reads and deletes are repeated", 0, readsAndDeletesAreRepeated},

		{"cancel ends a wait", slow, cancelEndsWait},
		{"cancel ends a read", 0, cancelEndsRead},
		{"cancel keeps a create that is under way", 0, cancelKeepsCreate},
		{"deadline ends a wait", slow, deadlineEndsWait},
		{"wait survives failures that pass", slow, waitSurvivesFailures},
		{"one at a time per source", 0, oneAtATime},
		{"sources do not wait for each other", 0, sourcesAreIndependent},

		{"image create, wait and read agree", 0, imageCreateWaitRead},
		{"image edited and deleted", 0, imageEditedAndDeleted},
		{"images are listed", 0, imagesAreListed},
		{"slow image", slow, slowImage},
		{"lost image is adopted", 0, lostImageIsAdopted},
		{"failed image is sent once", 0, failedImageIsSentOnce},
		{"image stats add up", 0, imageStatsAddUp},
		{"promoted", 0, promoted},
		{"exported", 0, exported},
	}
}

// Run tests all requirements. The driver must keep snapshots.
func Run(t *testing.T, h Harness) {
	t.Helper()
	for _, p := range requirements() {
		t.Run(p.name, func(t *testing.T) { p.test(newEnv(t, h, p.pace)) })
	}
}
