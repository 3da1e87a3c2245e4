package hostinger

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestVacancies_holdForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v vacancies
		if v.recently(1) {
			t.Error("nothing was found")
		}
		v.note(1)
		if !v.recently(1) || v.recently(2) {
			t.Error("VM 1 was found without a snapshot, VM 2 was not")
		}
		<-time.After(vacancyHolds)
		if v.recently(1) {
			t.Error("that was too long ago")
		}
		v.note(1)
		v.forget(1)
		if v.recently(1) {
			t.Error("a snapshot is being made")
		}
	})
}
