#!/usr/bin/env bash
# 1000000 samples of TwoModes.Fast in 10 shards: an array of 4 tasks, and a merge after the last of them.
# Made by: program submit sample twomodes.f -n 1e6 --seed 3 --out /scratch/run --shard-samples 1e5 --repair --prior exact --slurm --array 4%2 --time 2-12 --partition cpu --account physics --cpus 2 --memory 1G --merge /scratch/all.npy --program 'apptainer exec '\''/my images/modes.sif'\'' modes'
#
# Run it with bash where sbatch is: it submits both jobs and prints their numbers. Run again, it goes on with what is missing.
# The folder and the program must be the same on all nodes.
set -euo pipefail

if ! command -v sbatch > /dev/null; then
    echo "There is no sbatch here, which submits jobs to Slurm: run this script on a machine of the cluster that has it." >&2
    exit 1
fi

submit_array() { sbatch --parsable << 'END_OF_TASK'
#!/usr/bin/env bash
#SBATCH --job-name=TwoModes.Fast
#SBATCH --array=0-3%2
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --time=2-12
#SBATCH --partition=cpu
#SBATCH --account=physics
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@60
set -u
# The runtime starts no more threads than the task has processors, also where it sees more of them.
export DOTNET_PROCESSOR_COUNT=$SLURM_CPUS_PER_TASK

finished() { find /scratch/run -maxdepth 1 -name 'shard-*.json' 2> /dev/null | wc -l; }
before=$(finished)

apptainer exec '/my images/modes.sif' modes sample twomodes.f -n 1e6 --seed 3 --out /scratch/run --prior exact --repair --shard-samples 1e5 \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --resume &
program=$!
# Where Slurm preempts, queues again or cancels, the program gets SIGTERM as this shell does: the shell has to wait for it, and not to end first.
trap : TERM
# Shortly before the time limit, Slurm sends USR1 to this shell alone.
late=
trap 'late=yes; kill -TERM "$program" 2> /dev/null' USR1

# A signal ends a wait, and not the program.
wait "$program"; code=$?
while kill -0 "$program" 2> /dev/null; do wait "$program"; code=$?; done
# It may have ended just after a signal had ended the wait: then bash still knows its exit code.
wait "$program" 2> /dev/null; known=$?
(( known == 127 )) || code=$known
# Bash can lose it (-1) at that moment: the program was told to stop, and did.
(( code >= 0 )) || code=130

# After SIGTERM, Slurm knows what becomes of the task, whatever its exit code. Out of time (130) or killed (137: out of memory, perhaps),
# it is queued again here, where it keeps its finished shards; but not for ever if none gets finished.
if [[ $late && $code -eq 130 ]] || (( code == 137 )); then
    if (( $(finished) > before || (SECONDS < 215880 && ${SLURM_RESTART_COUNT:-0} < 10) )); then
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "No shard was finished, so the task is not queued again: give it more time or memory, or make each shard smaller (--shard-samples)." >&2
    fi
fi
exit "$code"
END_OF_TASK
}

submit_merge() { sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes << 'END_OF_MERGE'
#!/usr/bin/env bash
#SBATCH --job-name=TwoModes.Fast-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --time=2-12
#SBATCH --partition=cpu
#SBATCH --account=physics
#SBATCH --requeue
#SBATCH --open-mode=append
export DOTNET_PROCESSOR_COUNT=$SLURM_CPUS_PER_TASK
exec apptainer exec '/my images/modes.sif' modes merge /scratch/run --out /scratch/all.npy --force
END_OF_MERGE
}

# Where there are several clusters, the name of one follows the job's number.
array=$(submit_array)
array=${array%%;*}
echo "array job: $array"
merge=$(submit_merge)
echo "merge job: ${merge%%;*}"
